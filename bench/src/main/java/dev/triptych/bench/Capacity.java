package dev.triptych.bench;

import dev.triptych.bench.chaos.Fleet;
import dev.triptych.bench.chaos.Ground;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.store.features.ResidentStates;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a node holds, and what belonging to a cluster costs: a million resident keys of ten features in this process, whose
 * heap is 4 GiB; the lock by which a batch of events holds its node's lease; and a node's way into a running cluster.
 */
final class Capacity implements Main.Benchmark {

    private static final int KEYS = 1_000_000;
    private static final double HEAP_MEBIBYTES = 4096;
    private static final int BATCH = 60;
    private static final double READY_SECONDS_TARGET = 8;

    /** As the journal's insert, of rows that PostgreSQL makes. */
    private static final String INSERT = """
            INSERT INTO bench_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                                       event_ser_id, event_ser_manifest, event_payload, salt)
            SELECT 'key-' || n, ?, 'bench', 0, '', 1, '', decode(repeat('00', 200), 'hex'), gen_random_uuid()
            FROM generate_series(1, ?) AS n""";

    private static final String INSERT_WHILE_ALIVE =
            "WITH alive AS MATERIALIZED (SELECT FROM cluster_node FOR KEY SHARE) " + INSERT + ", alive";

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        var figures = new ArrayList<Figure>();
        int keys = quick ? KEYS / 20 : KEYS;
        try (var node = new BenchNode(Map.of(ResidentMemory.IDLE_TIMEOUT, "1s"))) {
            figures.add(lock(node.node().database(), quick ? 500 : 3_000));
            long begun = System.nanoTime();
            ResidentMemory.fill(node, "key", keys);
            ResidentStates residents = ResidentStates.get(node.node().actors());
            ResidentMemory.awaitIdle(residents, keys);
            System.err.printf(
                    "  %,d keys were written and let go of in %.0f s%n", keys, (System.nanoTime() - begun) / 1e9);
            figures.add(Figure.atLeast("resident-keys", residents.size(), "keys", Double.NaN, keys));
            figures.add(Figure.atMost(
                    "resident-heap",
                    ResidentMemory.usedBytes() / 1024.0 / 1024.0,
                    "MiB",
                    HEAP_MEBIBYTES * keys / KEYS));
        }
        figures.add(ready(quick ? 1 : 3));
        return figures;
    }

    /** Microseconds of a commit of as many events as the journal's usual one has, in turn with and without. */
    private static Figure lock(NodeSettings.Database database, int turns) throws SQLException {
        long with = 0;
        long without = 0;
        try (Connection open = DriverManager.getConnection(database.url(), database.user(), database.password());
                var create = open.createStatement()) {
            create.execute("CREATE TABLE bench_journal (LIKE event_journal INCLUDING ALL)");
            try (var locking = open.prepareStatement(INSERT_WHILE_ALIVE);
                    var plain = open.prepareStatement(INSERT)) {
                for (int i = 0; i < turns; i++) {
                    boolean warm = i >= turns / 5;
                    long locked = nanos(locking, 2 * i);
                    long free = nanos(plain, 2 * i + 1);
                    with += warm ? locked : 0;
                    without += warm ? free : 0;
                }
            }
            create.execute("DROP TABLE bench_journal");
        }
        int counted = turns - turns / 5;
        return Figure.ofRatioAtMost("lease-lock", with / 1e3 / counted, "us/commit", without / 1e3 / counted, 1.2);
    }

    private static long nanos(PreparedStatement insert, int number) throws SQLException {
        insert.setInt(1, number);
        insert.setInt(2, BATCH);
        long begun = System.nanoTime();
        if (insert.executeUpdate() != BATCH) {
            throw new IllegalStateException("not every row was inserted");
        }
        return System.nanoTime() - begun;
    }

    /** From the start of the process to where it serves whatever it is asked, beside two others. */
    private static Figure ready(int turns) throws Exception {
        var seconds = new ArrayList<Double>();
        try (ScratchFolder folder = ScratchFolder.create("capacity");
                Fleet fleet = Fleet.serving(folder.path(), Ground.LOOPBACK)) {
            for (int i = 0; i < turns; i++) {
                String node = fleet.youngest();
                fleet.stop(node);
                Thread.sleep(Duration.ofSeconds(3));
                long begun = System.nanoTime();
                fleet.start(node);
                seconds.add((System.nanoTime() - begun) / 1e9);
            }
        }
        return Figure.atMost(
                "node-ready", seconds.stream().sorted().toList().get(seconds.size() / 2), "s", READY_SECONDS_TARGET);
    }
}
