package dev.triptych.runtime;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.text;
import static dev.triptych.runtime.Client.time;
import static dev.triptych.runtime.Client.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.WriteFeaturesRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every prediction is computed again to the bit, whatever has happened to the node and its models since. */
class ReplayedForEverTest {

    private static final int KEYS = 9;

    @Test
    @Timeout(90)
    void afterNewFeaturesASecondTrainingAndARestart(@TempDir Path folder) throws Exception {
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        NodeSettings settings = ShopSystem.settings(folder.resolve("data"), systems);
        List<Prediction> recorded;

        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            client.complete(PipelineKind.FEATURE);
            client.complete(PipelineKind.TRAINING);
            predictEveryKind(client);
            client.complete(PipelineKind.INFERENCE);
            assertEveryPredictionReplays(client, KEYS + 1 + KEYS);

            client.complete(PipelineKind.TRAINING);
            assertVersionsAreAlike(client.model("returns"));
            changeWhatO1IsMadeOf(client);
            client.registry()
                    .promote(PromoteRequest.newBuilder()
                            .setSystem(ShopSystem.NAME)
                            .setModel("returns")
                            .setVersion(2)
                            .build());
            predictEveryKind(client);
            assertEveryPredictionReplays(client, 2 * (KEYS + 1) + KEYS);
            recorded = client.listPredictions();
        }

        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            assertThat(client.listPredictions()).isEqualTo(recorded);
            assertEveryPredictionReplays(client, recorded.size());
            predictEveryKind(client);
            assertEveryPredictionReplays(client, recorded.size() + KEYS + 1);
        }
    }

    /** By every key in one request, and by features given. */
    private static void predictEveryKind(Client client) {
        var byKeys = PredictRequest.newBuilder().setSystem(ShopSystem.NAME);
        for (int order = 1; order <= KEYS; order++) {
            byKeys.addInstances(Instance.newBuilder().setKey("o" + order));
        }
        client.predictions().predict(byKeys.build());
        client.predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .addInstances(Instance.newBuilder()
                                .putFeatures("amount", number(0.1 + 0.2))
                                .putFeatures("items", whole(3))
                                .putFeatures("country", text("se")))
                        .build());
    }

    /** Later in both times than what the first predictions were made from. */
    private static void changeWhatO1IsMadeOf(Client client) {
        client.features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder()
                                .setKey("o1")
                                .setEventTime(time("2026-01-01T10:00:01Z"))
                                .putValues("amount", number(400)))
                        .build());
    }

    private static void assertVersionsAreAlike(Model model) {
        assertThat(model.getVersionsList()).hasSize(2);
        assertThat(model.getVersionsList())
                .as("the same data, definition and seed")
                .extracting(ModelVersion::getContentHash)
                .containsOnly(model.getVersions(0).getContentHash());
        assertThat(model.getVersionsList())
                .extracting(ModelVersion::getImportance)
                .containsOnly(model.getVersions(0).getImportance());
    }

    private static void assertEveryPredictionReplays(Client client, int expected) {
        List<ReplayResult> replays = client.replays();
        assertThat(replays).allSatisfy(result -> {
            assertThat(result.getIdentical()).isTrue();
            assertThat(result.getReplayedList())
                    .isEqualTo(result.getRecordedList())
                    .isNotEmpty();
        });
        assertThat(replays).extracting(ReplayResult::getId).hasSize(expected).doesNotHaveDuplicates();
    }
}
