package dev.triptych.runtime.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/**
 * Keys that follow one another by their UTF-8 bytes.
 *
 * @param from the first of them; empty where there is none before
 * @param below the first that is none of them; empty where they go on to the last
 */
record KeyRange(Optional<String> from, Optional<String> below) {

    static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    /**
     * How many rows lie below each key that begins a row group, about: of a group whose keys lie on both sides, half.
     * Files are sorted by key, so that the statistics in their footers tell, without a row being read.
     */
    private static final String ROWS_BELOW = """
            WITH row_groups AS MATERIALIZED (
              SELECT stats_min_value AS first, stats_max_value AS last, row_group_num_rows AS size
              FROM parquet_metadata(%s) WHERE path_in_schema = 'key')
            SELECT edge, sum(CASE WHEN last <= edge THEN size WHEN first < edge THEN size / 2 ELSE 0 END) AS below
            FROM (SELECT DISTINCT first AS edge FROM row_groups WHERE first IS NOT NULL), row_groups
            GROUP BY edge ORDER BY edge""";

    /** What a statement holds as it is. */
    private static final char NOT_IN_SQL = '\0';

    /**
     * Ranges of some size that together are all keys, in order. Where the files do not tell, as where there are only small
     * ones, ranges are larger.
     *
     * @param rows of a range, about
     * @param files Parquet files with a column {@code key}, as SQL text
     */
    static List<KeyRange> divide(DuckDBConnection database, List<String> files, long rows) throws SQLException {
        var ranges = new ArrayList<KeyRange>();
        Optional<String> from = Optional.empty();
        double before = 0;
        try (var statement = database.createStatement();
                var edges = statement.executeQuery(
                        ROWS_BELOW.formatted(files.stream().collect(Collectors.joining(", ", "[", "]"))))) {
            while (edges.next()) {
                String edge = edges.getString(1);
                double below = edges.getDouble(2);
                if (below - before >= rows && edge.indexOf(NOT_IN_SQL) < 0) {
                    ranges.add(new KeyRange(from, Optional.of(edge)));
                    from = Optional.of(edge);
                    before = below;
                }
            }
        }
        ranges.add(new KeyRange(from, Optional.empty()));
        return ranges;
    }

    /** Conditions on a row's key; none on all keys. */
    Stream<String> conditions() {
        return Stream.concat(
                from.map(key -> "key >= " + SqlQuotes.literal(key)).stream(),
                below.map(key -> "key < " + SqlQuotes.literal(key)).stream());
    }
}
