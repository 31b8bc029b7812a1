package dev.triptych.bench;

import dev.triptych.runtime.NodeSettings;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import io.grpc.ManagedChannel;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A whole run of a feature pipeline, ten rows a key, from its start to its last acknowledged row, in a heap of 1 GiB;
 * beside it, JDBC inserts of the same rows, 200 a commit over four connections: the ceiling, with neither actors nor
 * history.
 */
final class Bulk implements Main.Benchmark {

    private static final int CONNECTIONS = 4;
    private static final int ROWS_A_COMMIT = 200;
    private static final long ROWS_PER_SECOND_TARGET = 80_000;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        long rows = quick ? 200_000 : 1_000_000;
        long keys = rows / 10;
        try (var node = new BenchNode()) {
            ManagedChannel channel = node.connect();
            try {
                // Of other keys: what is measured meets each of its own for the first time, in a node that has worked.
                PipelineRun warm = run(node, channel, "w", rows, keys);
                require(warm, rows);
                double ceiling = inserts(node.node().database(), rows);
                PipelineRun run = run(node, channel, "k", rows, keys);
                require(run, rows);
                double seconds = seconds(run);
                return List.of(
                        Figure.atLeast("bulk", rows / seconds, "rows/s", ceiling, ROWS_PER_SECOND_TARGET),
                        Figure.atMost("bulk-heap", Runtime.getRuntime().maxMemory() / 1048576.0, "MiB", 1024));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static PipelineRun run(BenchNode node, ManagedChannel channel, String prefix, long rows, long keys) {
        return node.complete(
                channel,
                "numbers",
                PipelineKind.FEATURE,
                Map.of("rows", String.valueOf(rows), "keys", String.valueOf(keys), "prefix", prefix));
    }

    /** A write that was asked twice, since its first answer was late, finds its rows unchanged. */
    private static void require(PipelineRun run, long rows) {
        long there = run.getCountsOrDefault("rowsWritten", 0) + run.getCountsOrDefault("rowsUnchanged", 0);
        if (there != rows) {
            throw new IllegalStateException("the run wrote " + there + " of " + rows + " rows: " + run.getReason());
        }
    }

    private static double seconds(PipelineRun run) {
        return run.getEnded().getSeconds()
                - run.getStarted().getSeconds()
                + (run.getEnded().getNanos() - run.getStarted().getNanos()) / 1e9;
    }

    /** @return rows a second */
    private static double inserts(NodeSettings.Database database, long rows) throws Exception {
        try (Connection connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE bench_row (key text, event_time bigint, x float8[])");
        }
        long begun = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var inserting = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Callable<Boolean> part = () -> insert(database, rows / CONNECTIONS);
                inserting.add(threads.submit(part));
            }
            for (Future<Boolean> each : inserting) {
                each.get();
            }
        }
        return rows / ((System.nanoTime() - begun) / 1e9);
    }

    private static boolean insert(NodeSettings.Database database, long rows) throws Exception {
        var random = ThreadLocalRandom.current();
        try (Connection connection = connect(database)) {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("INSERT INTO bench_row VALUES (?, ?, ?)")) {
                for (long row = 1; row <= rows; row++) {
                    insert.setString(1, "k" + row % 10_000);
                    insert.setLong(2, row);
                    var numbers = new Double[BenchNode.NAMES.size()];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = random.nextDouble();
                    }
                    insert.setArray(3, connection.createArrayOf("float8", numbers));
                    insert.addBatch();
                    if (row % ROWS_A_COMMIT == 0 || row == rows) {
                        insert.executeBatch();
                        connection.commit();
                    }
                }
            }
        }
        return true;
    }

    private static Connection connect(NodeSettings.Database database) throws Exception {
        return DriverManager.getConnection(
                database.url() + "?reWriteBatchedInserts=true", database.user(), database.password());
    }
}
