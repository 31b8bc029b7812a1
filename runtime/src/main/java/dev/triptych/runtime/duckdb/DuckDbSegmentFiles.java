package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentFiles;
import dev.triptych.store.features.SegmentSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Segments as Parquet files under one folder, sorted by key and event time. */
public final class DuckDbSegmentFiles implements SegmentFiles {

    /** What a file passes on its way; tests stop it there. */
    public enum FileStep {
        WRITTEN,
        SYNCED,
        RENAMED
    }

    private static final String HALF_WRITTEN = ".half";

    private final Path root;
    private final DuckDbMemory memory;
    private final Consumer<FileStep> passed;
    private @Nullable DuckDBConnection connection;

    /** @param root the offline store's folder; made where it is missing */
    public DuckDbSegmentFiles(Path root, DuckDbMemory memory) {
        this(root, memory, step -> {});
    }

    /** @param passed told of every step that a file has passed, on the calling thread */
    public DuckDbSegmentFiles(Path root, DuckDbMemory memory, Consumer<FileStep> passed) {
        this.root = root;
        this.memory = memory;
        this.passed = passed;
    }

    @Override
    public Batch begin() {
        return new SegmentBatch(this);
    }

    @Override
    public Segment merge(List<Segment> segments) {
        var files = segments.stream()
                .map(segment -> SqlQuotes.literal(root.resolve(segment.path()).toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        return write(
                segments.getFirst().schema(),
                segments.stream()
                        .map(Segment::first)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                segments.stream()
                        .map(Segment::last)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                segments.stream().mapToLong(Segment::rows).sum(),
                "read_parquet(" + files + ")");
    }

    @Override
    public long count(Segment segment, String key, long beforeSequenceNr) {
        try (var statement = connection().createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM read_parquet("
                        + SqlQuotes.literal(root.resolve(segment.path()).toString()) + ") WHERE "
                        + rowsOf(key, beforeSequenceNr))) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("segment " + segment.path() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Segment without(Segment segment, String key, long beforeSequenceNr, long left) {
        return write(
                segment.schema(),
                segment.first(),
                segment.last(),
                left,
                "read_parquet(" + SqlQuotes.literal(root.resolve(segment.path()).toString()) + ") WHERE NOT ("
                        + rowsOf(key, beforeSequenceNr) + ")");
    }

    private static String rowsOf(String key, long beforeSequenceNr) {
        return "key = " + SqlQuotes.literal(key) + " AND sequence_nr < " + beforeSequenceNr;
    }

    /** Writes what a table or table function holds. */
    Segment write(SegmentSchema schema, Horizon first, Horizon last, long rows, String source) {
        var path = SegmentPaths.folder(schema) + "/" + SegmentPaths.file(schema, first, last, rows);
        var folder = root.resolve(SegmentPaths.folder(schema));
        var target = root.resolve(path);
        var half = root.resolve(path + HALF_WRITTEN);
        try {
            DurableFiles.createFolders(folder);
            execute("COPY (FROM " + source + " " + SegmentColumns.IN_TIME_ORDER + ") TO "
                    + SqlQuotes.literal(half.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
            passed.accept(FileStep.WRITTEN);
            DurableFiles.syncFile(half);
            passed.accept(FileStep.SYNCED);
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFiles.syncFolder(folder);
            passed.accept(FileStep.RENAMED);
        } catch (IOException e) {
            throw new UncheckedIOException("segment " + path + " cannot be written: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("segment " + path + " cannot be written: " + e.getMessage(), e);
        }
        return new Segment(schema, path, first, last, rows);
    }

    @Override
    public List<String> paths() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(DuckDbSegmentFiles::isSegment)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the offline store's folder cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isSegment(Path file) {
        var name = file.toString();
        return name.endsWith(SegmentPaths.SUFFIX) || name.endsWith(SegmentPaths.SUFFIX + HALF_WRITTEN);
    }

    @Override
    public void delete(String path) {
        try {
            Files.deleteIfExists(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("segment " + path + " cannot be removed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("DuckDB cannot be closed: " + e.getMessage(), e);
            } finally {
                connection = null;
            }
        }
    }

    DuckDBConnection connection() throws SQLException {
        if (connection == null) {
            connection = memory.open();
        }
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
