package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.domain.FeatureType;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a segment: {@code key, event_time, ingest_time, tx, ordering, row_index, sequence_nr} and one a
 * feature, under its own name unless that is taken.
 */
final class SegmentColumns {

    private static final List<String> FIXED =
            List.of("key", "event_time", "ingest_time", "tx", "ordering", "row_index", "sequence_nr");

    /** A key's sequence numbers are in the journal's order, and cheaper to sort than places in it. */
    static final String IN_JOURNAL_ORDER = "ORDER BY key, sequence_nr, row_index";

    /** What reads of one key, or of a span of time, like best. */
    static final String IN_TIME_ORDER = "ORDER BY key, event_time, tx, ordering, row_index";

    private SegmentColumns() {}

    /** Column definitions of a table that holds rows of the schema. */
    static String definitions(SegmentSchema schema) {
        var columns = new StringBuilder("key VARCHAR, event_time TIMESTAMPTZ, ingest_time TIMESTAMPTZ, tx BIGINT, "
                + "ordering BIGINT, row_index INTEGER, sequence_nr BIGINT");
        List<String> features = features(schema.names());
        for (int i = 0; i < features.size(); i++) {
            columns.append(", ")
                    .append(SqlQuotes.identifier(features.get(i)))
                    .append(' ')
                    .append(Cells.sqlType(FeatureType.ofCode(schema.types().charAt(i))));
        }
        return columns.toString();
    }

    /**
     * Expressions that read the features of a segment, timestamps as microseconds. Their results are of the types
     * BOOLEAN, BIGINT, DOUBLE and VARCHAR.
     */
    static List<String> featureReads(SegmentSchema schema) {
        var reads = new ArrayList<String>();
        List<String> features = features(schema.names());
        for (int i = 0; i < features.size(); i++) {
            var column = SqlQuotes.identifier(features.get(i));
            boolean timestamp = FeatureType.ofCode(schema.types().charAt(i)) == FeatureType.TIMESTAMP;
            reads.add(timestamp ? "epoch_us(" + column + ")" : column);
        }
        return reads;
    }

    private static List<String> features(List<String> names) {
        return Cells.columns(names, FIXED);
    }
}
