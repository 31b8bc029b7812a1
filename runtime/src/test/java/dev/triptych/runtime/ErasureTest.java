package dev.triptych.runtime;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.text;
import static dev.triptych.runtime.Client.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.v1.EraseFeaturesRequest;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.Happening;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.Seal;
import dev.triptych.v1.ShowEntityRequest;
import dev.triptych.v1.Verification;
import dev.triptych.v1.VerifyRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import dev.triptych.v1.WriteFeaturesResponse;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An entity that was written, trained on and predicted for is erased from a real node: nothing that is stored tells of it. */
class ErasureTest {

    /** Enough writes for a snapshot. */
    private static final int WRITES = 60;

    private static final String COUNTRY = "Zzyzxland";
    private static final double AMOUNT = 123_454.321;

    @Test
    @Timeout(120)
    void leavesNoValueBehindAndEverySealWhole(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        NodeSettings settings = ShopSystem.settings(data, ShopSystem.writeTo(folder.resolve("systems")));
        Seal noted;
        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            var stored = new StoredValues(node.database(), data);
            prepare(client);
            noted = verified(client).getLast();
            assertThat(client.replays()).hasSize(11).allMatch(ReplayResult::getIdentical);
            for (String marker : markers()) {
                assertThat(stored.holding(marker))
                        .as("the scan finds what is there")
                        .contains("event_journal", "snapshot", "offline", "datasets");
            }

            long erasure = erase(client);

            assertNothingIsStored(stored);
            assertThat(stored.journalRows("erased_hash IS NOT NULL")).isEqualTo(WRITES + 2);
            assertThat(stored.journalRows("(salt IS NULL) <> (erased_hash IS NOT NULL)"))
                    .as("rows are salted until they are erased")
                    .isZero();
            assertThat(erase(client)).isEqualTo(erasure);
            assertTold(client);
            predictionsAreToldAsErased(client);
            aRunOverTheSourceBringsNothingBack(client);
            aNewLifeBegins(client);
            erase(client);
            assertNothingIsStored(stored);
            assertThat(verified(client).getErased()).isGreaterThan(WRITES);
        }

        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            assertThat(verify(client, VerifyRequest.newBuilder().setNoted(noted).build())
                            .getIntact())
                    .isTrue();
            assertThat(status(client, "o2", "2026-06-01T00:00:00Z")).isEqualTo(FeatureValue.Status.ERASED);
            var stored = new StoredValues(node.database(), data);
            stored.vacuum();
            for (String marker : markers()) {
                assertThat(stored.postgresFilesHolding(marker)).isEmpty();
            }
        }
    }

    /** In the journal numbers are CBOR; what any reader of Parquet or SQL prints is decimal. */
    private static List<String> markers() {
        return List.of(COUNTRY, String.valueOf(AMOUNT));
    }

    /** Order o2 has a history, a snapshot, a label, its place in a dataset, a prediction and a batch result. */
    private static void prepare(Client client) {
        client.complete(PipelineKind.FEATURE);
        for (int i = 0; i < WRITES; i++) {
            write(client, Instant.parse("2026-01-03T00:00:00Z").plusSeconds(i), COUNTRY);
        }
        client.complete(PipelineKind.TRAINING);
        predict(client);
        client.complete(PipelineKind.INFERENCE);
        predict(client);
    }

    private static WriteFeaturesResponse write(Client client, Instant eventTime, String country) {
        return client.features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setView("placed")
                        .setWriteId("by-" + COUNTRY + eventTime)
                        .addRows(FeatureRow.newBuilder()
                                .setKey("o2")
                                .setEventTime(time(eventTime))
                                .putValues("amount", number(AMOUNT))
                                .putValues("country", text(country)))
                        .build());
    }

    private static Prediction predict(Client client) {
        return client.predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .addInstances(Instance.newBuilder().setKey("o2"))
                        .build())
                .getPredictions(0);
    }

    private static long erase(Client client) {
        return client.features()
                .erase(EraseFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .setKey("o2")
                        .setBy("officer")
                        .setReason("request 17")
                        .build())
                .getSequenceNr();
    }

    /** What a model learnt stays in its artifact, and only there. */
    private static void assertNothingIsStored(StoredValues stored) throws SQLException {
        for (String marker : markers()) {
            assertThat(stored.holding(marker)).isSubsetOf("artifact");
        }
    }

    private static void assertTold(Client client) {
        assertThat(status(client, "o2", "2026-01-04T00:00:00Z")).isEqualTo(FeatureValue.Status.ERASED);
        assertThat(status(client, "nobody", "2026-01-04T00:00:00Z")).isEqualTo(FeatureValue.Status.NOT_FOUND);
        assertThat(client.features()
                        .history(FeatureHistoryRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setView("placed")
                                .setKey("o2")
                                .build())
                        .getRowsList())
                .isEmpty();
        List<Happening> story = story(client);
        assertThat(story.toString()).doesNotContain(COUNTRY, String.valueOf(AMOUNT), "310.0");
        assertThat(story.stream().filter(happening -> happening.getRows().getErased()))
                .hasSize(WRITES + 2);
        assertThat(story.stream().filter(Happening::hasPrediction)).hasSize(3);
        assertThat(story).last().satisfies(last -> {
            assertThat(last.getErasure().getBy()).isEqualTo("officer");
            assertThat(last.getErasure().getReason()).isEqualTo("request 17");
        });
    }

    private static void predictionsAreToldAsErased(Client client) {
        assertThat(client.replays()).hasSize(11).allSatisfy(result -> {
            assertThat(result.getErased()).isEqualTo(result.getKey().equals("o2"));
            assertThat(result.getIdentical()).isNotEqualTo(result.getErased());
        });
        assertThatThrownBy(() -> predict(client))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("not erased");
    }

    private static void aRunOverTheSourceBringsNothingBack(Client client) {
        Map<String, Long> counts = client.complete(PipelineKind.FEATURE).getCountsMap();
        assertThat(counts).containsEntry("rowsErased", 2L).containsEntry("rowsWritten", 0L);
        assertThat(write(client, Instant.parse("2026-01-03T00:00:00Z"), COUNTRY).getRowsErased())
                .isEqualTo(1);
    }

    private static void aNewLifeBegins(Client client) {
        Instant now = Instant.now();
        assertThat(write(client, now, "se").getRowsWritten()).isEqualTo(1);
        Prediction prediction = predict(client);
        assertThat(status(client, "o2", now.plusSeconds(1).toString())).isEqualTo(FeatureValue.Status.PRESENT);
        assertThat(client.replays().stream().filter(result -> result.getId().equals(prediction.getId())))
                .singleElement()
                .matches(ReplayResult::getIdentical);
    }

    private static FeatureValue.Status status(Client client, String key, String asOf) {
        return client.features()
                .read(ReadFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .addKeys(key)
                        .addFeatures("placed.amount")
                        .setAsOf(time(asOf))
                        .build())
                .getVectors(0)
                .getValues(0)
                .getStatus();
    }

    private static List<Happening> story(Client client) {
        var story = new ArrayList<Happening>();
        client.audit()
                .show(ShowEntityRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .setKey("o2")
                        .build())
                .forEachRemaining(story::add);
        return story;
    }

    private static Verification verified(Client client) {
        Verification verification = verify(client, VerifyRequest.getDefaultInstance());
        assertThat(verification.getIntact()).as(verification.toString()).isTrue();
        return verification;
    }

    private static Verification verify(Client client, VerifyRequest request) {
        var last = Verification.getDefaultInstance();
        var steps = client.audit().verify(request);
        while (steps.hasNext()) {
            last = steps.next().getResult();
        }
        return last;
    }
}
