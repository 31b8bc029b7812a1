package dev.triptych.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.RunPipelineRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batch inference over keys that SQL and a file name, on a node that is killed in the middle. */
class SelectedBatchTest {

    private static final int ORDERS = 2_000;
    private static final int PAGE = 10_000;

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void noSelectedKeyIsPredictedTwiceOrMissing() throws Exception {
        Path systems = systems();
        Path data = folder.resolve("data");
        NodeProcess killed = NodeProcess.start(data, systems);
        try (var client = new Client(killed.address(), ShopSystem.NAME)) {
            client.complete(PipelineKind.FEATURE);
            client.complete(PipelineKind.TRAINING);
            awaitFirstPredictions(client, client.run(PipelineKind.INFERENCE, "big", "picked"));
        }
        killed.kill();

        try (Node next = Node.start(ShopSystem.settings(data, systems));
                var client = new Client(next.grpcAddress(), ShopSystem.NAME)) {
            PipelineRun run = client.finish("picked");
            List<String> expected = IntStream.range(0, ORDERS)
                    .filter(SelectedBatchTest::isBig)
                    .mapToObj(SelectedBatchTest::key)
                    .toList();

            assertThat(run.getAttempt()).as("killed in the middle").isEqualTo(2);
            assertThat(run.getCountsMap())
                    .containsEntry("predictions", (long) expected.size())
                    .containsEntry("keysUnseen", 0L);
            assertThat(keysIn(data.resolve(run.getNotesOrThrow("file")))).isEqualTo(expected);
            assertThat(recorded(client, "picked"))
                    .extracting(Prediction::getKey)
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(client.replays()).hasSize(expected.size()).allMatch(ReplayResult::getIdentical);

            readsAFileAsOfAnInstant(client, data);
        }
    }

    /** Order n was placed on the nth of January. */
    private void readsAFileAsOfAnInstant(Client client, Path data) throws SQLException {
        client.pipelines()
                .run(RunPipelineRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setKind(PipelineKind.INFERENCE)
                        .setPipeline("vip")
                        .setRunId("past")
                        .putOptions("as-of", "2026-01-05T12:00:00Z")
                        .build());
        PipelineRun run = client.finish("past");

        assertThat(run.getCountsMap()).containsEntry("predictions", 2L).containsEntry("keysUnseen", 2L);
        assertThat(run.getNotesMap()).containsEntry("asOf", "2026-01-05T12:00:00Z");
        assertThat(keysIn(data.resolve(run.getNotesOrThrow("file")))).containsExactly("o2", "o5");
        assertThat(recorded(client, "past"))
                .extracting(prediction -> prediction.getAsOf().getSeconds())
                .containsOnly(Client.time("2026-01-05T12:00:00Z").getSeconds());
    }

    /** Asked without a pause, as the run takes no longer than a moment. */
    private static void awaitFirstPredictions(Client client, String runId) {
        var question = ListRunsRequest.newBuilder()
                .setSystem(ShopSystem.NAME)
                .setKind(PipelineKind.INFERENCE)
                .setPipeline("big")
                .setLimit(1)
                .build();
        PipelineRun run;
        do {
            run = client.pipelines().listRuns(question).getRuns(0);
            assertThat(run.getRunId()).isEqualTo(runId);
        } while (run.getDone() == 0 || !run.getPhase().equals("predicting"));
    }

    private static List<Prediction> recorded(Client client, String runId) {
        var all = new ArrayList<Prediction>();
        List<Prediction> page;
        do {
            page = client.predictions()
                    .listPredictions(ListPredictionsRequest.newBuilder()
                            .setRunId(runId)
                            .setAfter(all.isEmpty() ? "" : all.getLast().getId())
                            .setLimit(PAGE)
                            .build())
                    .getPredictionsList();
            all.addAll(page);
        } while (!page.isEmpty());
        return all;
    }

    private static List<String> keysIn(Path parquet) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT key FROM '" + parquet + "'")) {
            var keys = new ArrayList<String>();
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
            return keys;
        }
    }

    private Path systems() throws IOException {
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        Path shop = systems.resolve(ShopSystem.NAME);
        var orders = new StringBuilder(Files.readString(shop.resolve("orders.csv")));
        for (int order = 0; order < ORDERS; order++) {
            orders.append(key(order))
                    .append(",2026-01-09T10:00:00Z,,")
                    .append(isBig(order) ? 300 : 30)
                    .append(",1,se,\n");
        }
        Files.writeString(shop.resolve("orders.csv"), orders);
        Files.writeString(shop.resolve("big.sql"), """
                SELECT "order" FROM placed
                WHERE amount > 100 AND event_time <= getvariable('as_of')
                  AND "order" LIKE 'n%' AND "order" NOT IN (SELECT "order" FROM outcome)
                """);
        Files.writeString(shop.resolve("vip.csv"), "name,order\nAnn,o5\nBob,o2\nCid,o9\nDan,unheard-of\n");
        Path conf = shop.resolve("system.conf");
        Files.writeString(conf, Files.readString(conf).replace("inference-pipelines {", """
                inference-pipelines {
                  big { cadence = manual, deployment = returns, select = "big.sql" }
                  vip { cadence = manual, deployment = returns, keys = "vip.csv" }
                """));
        return systems;
    }

    private static boolean isBig(int order) {
        return order % 4 != 0;
    }

    private static String key(int order) {
        return "n%05d".formatted(order);
    }
}
