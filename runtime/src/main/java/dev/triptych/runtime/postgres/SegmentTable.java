package dev.triptych.runtime.postgres;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table {@code feature_segment}. */
final class SegmentTable {

    /** A tier has so many segments before they are merged. */
    static final int SEGMENTS_IN_TIER_MAX = 16;

    /** A merge stops taking in segments at so many rows: about a second of work. */
    private static final long MERGED_ROWS_MAX = 1_000_000;

    /** Segments of this many rows and more belong to the next tier; those of the last are left alone. */
    private static final String TIERS = "ARRAY[1024, 16384, 262144]::bigint[]";

    private static final int LAST_TIER = 3;

    /** How long the file of a merged segment stays for those who are reading it. */
    private static final String GRACE = "interval '1 hour'";

    private static final String COLUMNS = """
            path, system, entity, view, feature_names, feature_types, first_tx::text::bigint, first_ordering,
            last_tx::text::bigint, last_ordering, row_count""";

    private SegmentTable() {}

    static void insert(Connection connection, List<Segment> segments) throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO feature_segment (path, system, entity, view, feature_names, feature_types,
                    first_tx, first_ordering, last_tx, last_ordering, row_count)
                VALUES (?, ?, ?, ?, ?, ?, ?::text::xid8, ?, ?::text::xid8, ?, ?)""")) {
            for (Segment segment : segments) {
                var schema = segment.schema();
                statement.setString(1, segment.path());
                statement.setString(2, schema.system());
                statement.setString(3, schema.entity());
                statement.setString(4, schema.view());
                statement.setArray(
                        5, connection.createArrayOf("text", schema.names().toArray()));
                statement.setString(6, schema.types());
                statement.setString(7, Long.toString(segment.first().transaction()));
                statement.setLong(8, segment.first().ordering());
                statement.setString(9, Long.toString(segment.last().transaction()));
                statement.setLong(10, segment.last().ordering());
                statement.setLong(11, segment.rows());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Segments of the views that begin at or before the horizon, and were not merged into others. */
    static List<Segment> current(
            Connection connection, String system, String entity, List<String> views, Horizon horizon)
            throws SQLException {
        try (var statement = connection.prepareStatement("SELECT " + COLUMNS + """
                 FROM feature_segment
                WHERE retired_at IS NULL AND system = ? AND entity = ? AND view = ANY (?)
                  AND (first_tx, first_ordering) <= (?::text::xid8, ?)
                ORDER BY path""")) {
            statement.setString(1, system);
            statement.setString(2, entity);
            statement.setArray(3, connection.createArrayOf("text", views.toArray()));
            statement.setString(4, Long.toString(horizon.transaction()));
            statement.setLong(5, horizon.ordering());
            return segments(statement);
        }
    }

    /** Segments that should become one: enough of a schema and a tier, the oldest first. Empty where none are. */
    static List<Segment> toMerge(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("WITH crowded AS (" + """
                    SELECT system, entity, view, feature_names, feature_types,
                           width_bucket(row_count, %1$s) AS tier
                    FROM feature_segment
                    WHERE retired_at IS NULL AND width_bucket(row_count, %1$s) < ?
                    GROUP BY 1, 2, 3, 4, 5, 6
                    HAVING count(*) > ?
                    LIMIT 1)
                SELECT %2$s
                FROM feature_segment JOIN crowded USING (system, entity, view, feature_names, feature_types)
                WHERE retired_at IS NULL AND width_bucket(row_count, %1$s) = tier
                ORDER BY first_tx, first_ordering""".formatted(TIERS, COLUMNS))) {
            statement.setInt(1, LAST_TIER);
            statement.setInt(2, SEGMENTS_IN_TIER_MAX);
            var chosen = new ArrayList<Segment>();
            long rows = 0;
            for (Segment segment : segments(statement)) {
                if (rows < MERGED_ROWS_MAX) {
                    chosen.add(segment);
                    rows += segment.rows();
                }
            }
            return chosen;
        }
    }

    /** Puts one segment in the place of several. */
    static void replace(Connection connection, List<Segment> merged, Segment by) throws SQLException {
        insert(connection, List.of(by));
        try (var statement = connection.prepareStatement(
                "UPDATE feature_segment SET retired_at = now() WHERE path = ANY (?) AND retired_at IS NULL")) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", merged.stream().map(Segment::path).toArray()));
            int retired = statement.executeUpdate();
            if (retired != merged.size()) {
                throw new IllegalStateException(
                        "merged segments: " + retired + " (expected: " + merged.size() + " that were not merged yet)");
            }
        }
    }

    /** Every segment of an entity type that was not merged into another. */
    static List<Segment> current(Connection connection, String system, String entity) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT " + COLUMNS + """
                 FROM feature_segment
                WHERE retired_at IS NULL AND system = ? AND entity = ?
                ORDER BY path""")) {
            statement.setString(1, system);
            statement.setString(2, entity);
            return segments(statement);
        }
    }

    /** Retires a segment without grace: nobody may read it any more. */
    static void discard(Connection connection, Segment segment) throws SQLException {
        try (var statement =
                connection.prepareStatement("UPDATE feature_segment SET retired_at = '-infinity' WHERE path = ?")) {
            statement.setString(1, segment.path());
            statement.executeUpdate();
        }
    }

    /** Ends the grace of all segments of an entity type that were merged into others. */
    static void discardRetired(Connection connection, String system, String entity) throws SQLException {
        try (var statement = connection.prepareStatement("UPDATE feature_segment SET retired_at = '-infinity'"
                + " WHERE retired_at IS NOT NULL AND system = ? AND entity = ?")) {
            statement.setString(1, system);
            statement.setString(2, entity);
            statement.executeUpdate();
        }
    }

    /** Paths whose grace is over; at most a hundred. */
    static List<String> outlived(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT path FROM feature_segment WHERE retired_at < now() - " + GRACE + " LIMIT 100")) {
            return paths(statement);
        }
    }

    static void forget(Connection connection, List<String> paths) throws SQLException {
        try (var statement = connection.prepareStatement(
                "DELETE FROM feature_segment WHERE path = ANY (?) AND retired_at IS NOT NULL")) {
            statement.setArray(1, connection.createArrayOf("text", paths.toArray()));
            statement.executeUpdate();
        }
    }

    static void forgetAll(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("DELETE FROM feature_segment")) {
            statement.executeUpdate();
        }
    }

    /** Paths of all files that may be there. */
    static Set<String> known(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT path FROM feature_segment")) {
            return new HashSet<>(paths(statement));
        }
    }

    /** Paths of all files that must be there. */
    static Set<String> needed(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT path FROM feature_segment WHERE retired_at IS NULL")) {
            return new HashSet<>(paths(statement));
        }
    }

    private static List<String> paths(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            var paths = new ArrayList<String>();
            while (rows.next()) {
                paths.add(rows.getString(1));
            }
            return paths;
        }
    }

    private static List<Segment> segments(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            var segments = new ArrayList<Segment>();
            while (rows.next()) {
                segments.add(segment(rows));
            }
            return segments;
        }
    }

    private static Segment segment(ResultSet row) throws SQLException {
        var names = (String[]) row.getArray(5).getArray();
        return new Segment(
                new SegmentSchema(
                        row.getString(2), row.getString(3), row.getString(4), List.of(names), row.getString(6)),
                row.getString(1),
                new Horizon(row.getLong(7), row.getLong(8)),
                new Horizon(row.getLong(9), row.getLong(10)),
                row.getLong(11));
    }
}
