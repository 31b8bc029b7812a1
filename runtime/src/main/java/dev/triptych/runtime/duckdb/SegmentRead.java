package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One query over segments of a schema that gives their rows sorted by key.
 *
 * <p>A segment is sorted by key already, so one that is read alone comes as it lies there: sorting ten million rows
 * again takes three times as long as reading them. But a file that is open holds a page of each column in memory, so
 * only the biggest are read alone, and the others, many and small, are sorted together.
 */
record SegmentRead(SegmentSchema schema, List<Segment> segments, Path root, Horizon horizon, KeyRange keys) {

    /** A page of 122,880 numbers, compressed and not, on its way in and on its way out. */
    private static final int MEBIBYTES_A_COLUMN = 4;

    /** Reads that together give every row of the keys up to the horizon. */
    static List<SegmentRead> plan(List<Segment> segments, Path root, Horizon horizon, KeyRange keys, int mebibytes) {
        var biggestFirst = new ArrayList<>(segments);
        biggestFirst.sort(Comparator.comparingLong(Segment::rows).reversed().thenComparing(Segment::path));
        var reads = new ArrayList<SegmentRead>();
        Map<SegmentSchema, List<Segment>> together = new LinkedHashMap<>();
        int columnsLeft = mebibytes / MEBIBYTES_A_COLUMN;
        for (Segment segment : biggestFirst) {
            columnsLeft -= SegmentChunk.FIXED_COLUMNS + segment.schema().names().size();
            if (columnsLeft >= 0) {
                reads.add(new SegmentRead(segment.schema(), List.of(segment), root, horizon, keys));
            } else {
                together.computeIfAbsent(segment.schema(), schema -> new ArrayList<>())
                        .add(segment);
            }
        }
        together.forEach((schema, several) -> reads.add(new SegmentRead(schema, several, root, horizon, keys)));
        return reads;
    }

    boolean isSorting() {
        return segments.size() > 1;
    }

    /** The columns of a {@link SegmentChunk}, sorted by key at least. */
    String sql() {
        var columns = new ArrayList<>(
                List.of("key", "epoch_us(event_time)", "epoch_us(ingest_time)", "sequence_nr", "row_index"));
        columns.addAll(SegmentColumns.featureReads(schema));
        var paths = segments.stream().map(segment -> file(segment, root)).collect(Collectors.joining(", ", "[", "]"));
        return "SELECT " + String.join(", ", columns) + " FROM read_parquet(" + paths + ")" + where()
                + (isSorting() ? " " + SegmentColumns.IN_JOURNAL_ORDER : "");
    }

    /** No word of the horizon where all lies before it: two columns less to read. */
    private String where() {
        boolean all = segments.stream().allMatch(segment -> segment.last().compareTo(horizon) <= 0);
        var conditions = Stream.concat(keys.conditions(), all ? Stream.empty() : Stream.of(upTo(horizon)))
                .toList();
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** A segment's file as SQL text. */
    static String file(Segment segment, Path root) {
        return SqlQuotes.literal(root.resolve(segment.path()).toString());
    }

    /** The condition on a segment's rows. */
    static String upTo(Horizon horizon) {
        return "(tx < " + horizon.transaction() + " OR (tx = " + horizon.transaction() + " AND ordering <= "
                + horizon.ordering() + "))";
    }
}
