package dev.triptych.bench;

import dev.triptych.runtime.NodeSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Durable single-row writes through entities, against plain JDBC inserts of the same row over eight connections, one
 * commit each. In turn, so that both see the same machine.
 */
final class Writes implements Main.Benchmark {

    private static final int IN_FLIGHT = 64;
    private static final int KEYS = 10_000;
    private static final int CONNECTIONS = 8;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration turn = Duration.ofSeconds(quick ? 4 : 15);
        int turns = quick ? 1 : 3;
        var entities = new ArrayList<Load.Result>();
        var inserts = new ArrayList<Double>();
        try (var node = new BenchNode()) {
            createTable(node.node().database());
            writes(node, Duration.ofSeconds(quick ? 16 : 30));
            for (int i = 0; i < turns; i++) {
                inserts.add(inserts(node.node().database(), turn));
                entities.add(writes(node, turn));
            }
        }
        double written =
                entities.stream().mapToDouble(Load.Result::perSecond).average().orElseThrow();
        double inserted = inserts.stream().mapToDouble(d -> d).average().orElseThrow();
        double p99 = entities.stream().mapToDouble(r -> r.millisAt(99)).max().orElseThrow();
        return List.of(
                Figure.ofRatio("writes", written, "rows/s", inserted, 1.5), Figure.atMost("writes-p99", p99, "ms", 25));
    }

    private static Load.Result writes(BenchNode node, Duration duration) throws InterruptedException {
        long base = System.currentTimeMillis() * 1_000;
        return Load.run(
                IN_FLIGHT,
                duration,
                i -> node.write("k" + ThreadLocalRandom.current().nextInt(KEYS), base + i));
    }

    private static void createTable(NodeSettings.Database database) throws SQLException {
        try (Connection connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE bench_row (key text NOT NULL, event_time bigint NOT NULL, x0 float8, x1 float8,"
                            + " x2 float8, x3 float8, x4 float8, x5 float8, x6 float8, x7 float8, x8 float8, x9 float8,"
                            + " PRIMARY KEY (key, event_time))");
        }
    }

    private static Connection connect(NodeSettings.Database database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    /** @return rows a second */
    private static double inserts(NodeSettings.Database database, Duration duration) throws Exception {
        long begun = System.nanoTime();
        long until = begun + duration.toNanos();
        long rows = 0;
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var counts = new ArrayList<Future<Long>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Callable<Long> inserting = () -> insertUntil(database, until);
                counts.add(threads.submit(inserting));
            }
            for (Future<Long> count : counts) {
                rows += count.get();
            }
        }
        return rows / ((System.nanoTime() - begun) / 1e9);
    }

    private static long insertUntil(NodeSettings.Database database, long until) throws SQLException {
        long rows = 0;
        var random = ThreadLocalRandom.current();
        try (Connection connection = connect(database);
                var insert = connection.prepareStatement(
                        "INSERT INTO bench_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            while (System.nanoTime() < until) {
                insert.setString(1, "k" + random.nextInt(KEYS));
                insert.setLong(2, System.nanoTime());
                for (int column = 3; column <= 12; column++) {
                    insert.setDouble(column, random.nextDouble());
                }
                rows += insert.executeUpdate();
            }
        }
        return rows;
    }
}
