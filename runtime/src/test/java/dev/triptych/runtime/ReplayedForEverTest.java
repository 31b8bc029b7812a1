package dev.triptych.runtime;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.text;
import static dev.triptych.runtime.Client.time;
import static dev.triptych.runtime.Client.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.runtime.postgres.Databases;
import dev.triptych.runtime.postgres.PostgresPredictionRetention;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.ShowEntityRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        NodeSettings settings =
                ShopSystem.settings(folder.resolve("data"), systems, Map.of("triptych.predictions.retention", "90d"));
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

            Timestamp cut = client.listPredictions().getLast().getPredicted();
            removeBefore(cut, node);
            assertWhatHasLeftIsTold(client, recorded.getFirst().getId(), cut);
        }
    }

    private static void removeBefore(Timestamp cut, Node node) {
        NodeSettings.Database found = node.database();
        try (HikariDataSource database = Databases.open(found.url(), found.user(), found.password())) {
            new PostgresPredictionRetention(database, Runnable::run)
                    .removeBefore(cut.getSeconds() * 1_000_000 + cut.getNanos() / 1_000, 1_000)
                    .toCompletableFuture()
                    .join();
        }
    }

    private static void assertWhatHasLeftIsTold(Client client, String id, Timestamp cut) {
        var listed = client.predictions()
                .listPredictions(ListPredictionsRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .build());
        assertThat(listed.getKeptSince()).isEqualTo(cut);
        assertThat(listed.getPredictionsList())
                .isNotEmpty()
                .allSatisfy(kept -> assertThat(kept.getPredicted()).isEqualTo(cut));

        List<ReplayResult> replays = client.replays();
        assertThat(replays).hasSameSizeAs(listed.getPredictionsList());
        assertThat(replays.getFirst().getKeptSince()).isEqualTo(cut);
        assertThatThrownBy(() -> client.audit()
                        .replay(ReplayRequest.newBuilder().setId(id).build())
                        .next())
                .hasMessageContaining("are in the journal alone");
        assertThatThrownBy(() -> client.audit()
                        .replay(ReplayRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setSince(time("2026-01-01T00:00:00Z"))
                                .build())
                        .next())
                .hasMessageContaining("since: 2026-01-01T00:00:00Z (expected: ");
        assertThat(client.audit()
                        .show(ShowEntityRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setEntity("order")
                                .setKey("o1")
                                .build()))
                .toIterable()
                .anySatisfy(
                        happening -> assertThat(happening.getPredictionsLeft()).isTrue());
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
