package dev.triptych.bench;

import dev.triptych.runtime.duckdb.DuckDbMemory;
import dev.triptych.runtime.duckdb.DuckDbOfflineStore;
import dev.triptych.runtime.duckdb.DuckDbSegmentFiles;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.training.DatasetBuild;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetSchema;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A point-in-time dataset by the fold, from Parquet segments to hashed rows in memory, against DuckDB's own ASOF JOIN
 * of the same files into a table.
 */
final class PointInTime implements Main.Benchmark {

    private static final List<String> NAMES =
            IntStream.range(0, 5).mapToObj(i -> "x" + i).toList();
    private static final int LABELS_A_KEY = 10;
    private static final int ROWS_A_KEY = 100;
    private static final int KEYS_A_SEGMENT = 20_000;
    private static final long STEP_MICROS = 60_000_000L;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        int keys = quick ? 10_000 : 100_000;
        try (ScratchFolder scratch = ScratchFolder.create("bench")) {
            Path root = scratch.path();
            var memory = new DuckDbMemory(2_048, 2, root.resolve("spill"));
            List<Segment> segments = write(root.resolve("offline"), memory, keys);
            double asof = Double.MAX_VALUE;
            double fold = Double.MAX_VALUE;
            for (int turn = 0; turn < (quick ? 1 : 3); turn++) {
                asof = Math.min(asof, asofSeconds(root, segments, keys));
                fold = Math.min(fold, foldSeconds(root.resolve("offline"), memory, segments, keys));
            }
            return List.of(Figure.ofRatioAtMost("dataset", fold, "s", asof, 1.5));
        }
    }

    private static List<Segment> write(Path root, DuckDbMemory memory, int keys) {
        var segments = new ArrayList<Segment>();
        var random = new SplittableRandom(7);
        try (var files = new DuckDbSegmentFiles(root, memory)) {
            for (int from = 0; from < keys; from += KEYS_A_SEGMENT) {
                try (var batch = files.begin()) {
                    for (int key = from; key < Math.min(keys, from + KEYS_A_SEGMENT); key++) {
                        String name = String.format("k%07d", key);
                        batch.add("bench", "item", name, new Horizon(1, 2L * key + 1), 1, features(random));
                        batch.add("bench", "item", name, new Horizon(1, 2L * key + 2), 2, labels(random));
                    }
                    segments.addAll(batch.write());
                }
            }
        }
        return segments;
    }

    private static FeatureEvent.RowsWritten features(SplittableRandom random) {
        var rows = new ArrayList<FeatureRow>(ROWS_A_KEY);
        for (int i = 0; i < ROWS_A_KEY; i++) {
            var values = new ArrayList<Value>();
            NAMES.forEach(name -> values.add(new Value.Float64(random.nextDouble())));
            rows.add(new FeatureRow(i * STEP_MICROS, values));
        }
        return new FeatureEvent.RowsWritten("numbers", NAMES, "f".repeat(NAMES.size()), rows, 1, Optional.empty());
    }

    private static FeatureEvent.RowsWritten labels(SplittableRandom random) {
        var rows = new ArrayList<FeatureRow>(LABELS_A_KEY);
        for (int i = 0; i < LABELS_A_KEY; i++) {
            long micros = random.nextLong(ROWS_A_KEY * STEP_MICROS);
            rows.add(new FeatureRow(micros, List.of(new Value.Bool(random.nextBoolean()))));
        }
        return new FeatureEvent.RowsWritten("label", List.of("y"), "b", rows, 2, Optional.empty());
    }

    private static double asofSeconds(Path root, List<Segment> segments, int keys) throws SQLException {
        String features = files(root, segments, "numbers");
        String labels = files(root, segments, "label");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("SET threads = 2");
            long begun = System.nanoTime();
            statement.execute("CREATE TABLE dataset AS SELECT l.key, l.event_time, l.y, "
                    + NAMES.stream().map(name -> "f." + name).collect(Collectors.joining(", "))
                    + " FROM read_parquet(" + labels + ") l ASOF LEFT JOIN read_parquet(" + features
                    + ") f ON l.key = f.key AND l.event_time >= f.event_time");
            double seconds = (System.nanoTime() - begun) / 1e9;
            try (var count = statement.executeQuery("SELECT count(*) FROM dataset")) {
                count.next();
                require(count.getLong(1), (long) keys * LABELS_A_KEY);
            }
            return seconds;
        }
    }

    private static String files(Path root, List<Segment> segments, String view) {
        return segments.stream()
                .filter(segment -> segment.schema().view().equals(view))
                .map(segment -> "'" + root.resolve("offline").resolve(segment.path()) + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static double foldSeconds(Path root, DuckDbMemory memory, List<Segment> segments, int keys) {
        var label = new FeatureRead("label", "y", FeatureType.BOOL, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
        List<FeatureRead> reads = NAMES.stream()
                .map(name -> new FeatureRead(
                        "numbers", name, FeatureType.FLOAT64, Optional.empty(), FeatureRead.Boundary.INCLUSIVE))
                .toList();
        var schema = new DatasetSchema(label, reads, reads.size(), OptionalInt.empty());
        var horizon = new Horizon(Long.MAX_VALUE, Long.MAX_VALUE);
        var store = new DuckDbOfflineStore(
                (system, entity, views, until) -> segments.stream()
                        .filter(segment -> views.contains(segment.schema().view()))
                        .toList(),
                root,
                memory,
                () -> CompletableFuture.completedStage(horizon));
        long begun = System.nanoTime();
        Dataset dataset = new DatasetBuild(
                        schema, store.slices("bench", "item", List.of("numbers", "label"), horizon), done -> {})
                .run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        require(dataset.size(), (long) keys * LABELS_A_KEY);
        return seconds;
    }

    private static void require(long rows, long expected) {
        if (rows != expected) {
            throw new IllegalStateException(rows + " rows (expected: " + expected + ")");
        }
    }
}
