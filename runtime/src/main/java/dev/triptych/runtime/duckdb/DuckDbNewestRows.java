package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.monitoring.NewestRows;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The newest rows of views, out of their segments. A segment never changes, so each is read once. */
public final class DuckDbNewestRows implements NewestRows {

    private static final Horizon ALL = new Horizon(Long.MAX_VALUE, Long.MAX_VALUE);

    private final SegmentCatalog catalog;
    private final Path root;
    private final DuckDbMemory memory;

    /** Of the segments of a view that is asked for, by path. */
    private final Map<String, Map<String, Newest>> known = new HashMap<>();

    /**
     * @param root the offline store's folder
     * @param memory of each read
     */
    public DuckDbNewestRows(SegmentCatalog catalog, Path root, DuckDbMemory memory) {
        this.catalog = catalog;
        this.root = root;
        this.memory = memory;
    }

    @Override
    public synchronized Optional<Newest> of(String system, ViewDefinition view) {
        List<Segment> segments = catalog.segments(system, view.entity(), List.of(view.name()), ALL);
        Map<String, Newest> read = known.computeIfAbsent(system + "/" + view.name(), unasked -> new HashMap<>());
        read.keySet().retainAll(segments.stream().map(Segment::path).collect(Collectors.toCollection(HashSet::new)));
        read(
                segments.stream()
                        .filter(segment -> !read.containsKey(segment.path()))
                        .toList(),
                read);
        return read.values().stream()
                .reduce((one, other) -> new Newest(
                        one.rows() + other.rows(),
                        Math.max(one.eventMicros(), other.eventMicros()),
                        Math.max(one.ingestMicros(), other.ingestMicros())));
    }

    private void read(List<Segment> segments, Map<String, Newest> into) {
        if (segments.isEmpty()) {
            return;
        }
        var newest = segments.stream()
                .map(segment -> "SELECT " + SqlQuotes.literal(segment.path())
                        + ", count(*), max(epoch_us(event_time)), max(epoch_us(ingest_time)) FROM read_parquet("
                        + SqlQuotes.literal(root.resolve(segment.path()).toString()) + ")")
                .collect(Collectors.joining(" UNION ALL "));
        try (var database = memory.open();
                var statement = database.createStatement();
                var rows = statement.executeQuery(newest)) {
            while (rows.next()) {
                into.put(rows.getString(1), new Newest(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the newest rows cannot be read: " + e.getMessage(), e);
        }
    }
}
