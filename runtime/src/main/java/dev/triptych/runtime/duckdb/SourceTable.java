package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.store.features.domain.FeatureType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Loads files into the table {@code source}: first as they are, then each declared column as its type, so that every
 * value that does not fit is found with its place. Rows that do not fit are left out and told.
 */
final class SourceTable {

    /** What an ISO-8601 timestamp ends with if it names its zone. */
    private static final String ZONE_PATTERN = "(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)$";

    private final Connection connection;
    private final SourceDefinition.Files source;
    private final Rejections rejections;
    private long rowsRead;

    SourceTable(Connection connection, SourceDefinition.Files source, Rejections rejections) {
        this.connection = connection;
        this.source = source;
        this.rejections = rejections;
    }

    /** @return raw rows read, the rejected ones included */
    long load() throws SQLException {
        boolean first = true;
        for (Path file : source.files()) {
            execute("CREATE OR REPLACE TABLE raw AS SELECT row_number() OVER () AS __row, * FROM " + reader(file));
            Map<String, String> found = columns();
            requireDeclared(file, found.keySet());
            List<Long> brokenLines = brokenLines(file);
            rowsRead += count("SELECT count(*) FROM raw") + brokenLines.size();
            source.columns().forEach((column, type) -> rejectUnfit(file, column, type, found, brokenLines));
            String typed = typed(found);
            execute(first ? "CREATE TABLE source AS " + typed : "INSERT INTO source BY NAME " + typed);
            first = false;
        }
        execute("DROP TABLE IF EXISTS raw");
        return rowsRead;
    }

    private String reader(Path file) {
        String path = SqlQuotes.literal(file.toString());
        return switch (source.format()) {
            case CSV ->
                "read_csv(" + path + ", header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"',"
                        + " null_padding = false, store_rejects = true, rejects_limit = 0, parallel = false)";
            case JSON ->
                "read_json(" + path + ", columns = {"
                        + source.columns().keySet().stream()
                                .map(column -> SqlQuotes.literal(column) + ": 'VARCHAR'")
                                .collect(Collectors.joining(", "))
                        + "})";
            case PARQUET -> "read_parquet(" + path + ")";
        };
    }

    private Map<String, String> columns() throws SQLException {
        var columns = new TreeMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("DESCRIBE raw")) {
            while (rows.next()) {
                columns.put(rows.getString("column_name"), rows.getString("column_type"));
            }
        }
        columns.remove("__row");
        return columns;
    }

    private void requireDeclared(Path file, Set<String> found) {
        for (String column : source.columns().keySet()) {
            if (!found.contains(column)) {
                String message = file.getFileName() + ":1: " + column
                        + ": missing (expected: a column of that name beside " + String.join(", ", found) + ")";
                throw new UnreadableSourceException(message, List.of(message));
            }
        }
    }

    /** Lines with too few or too many fields, or a quote that does not end. */
    private List<Long> brokenLines(Path file) throws SQLException {
        var lines = new ArrayList<Long>();
        if (source.format() != SourceDefinition.Format.CSV) {
            return lines;
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT line, any_value(column_name) AS column_name,"
                        + " any_value(csv_line) AS csv_line, any_value(error_message) AS error_message"
                        + " FROM reject_errors GROUP BY line ORDER BY line")) {
            while (rows.next()) {
                long line = rows.getLong("line");
                lines.add(line);
                String column = rows.getString("column_name");
                rejections.add(
                        file.getFileName() + ":" + line + ": " + (column == null ? "line" : column),
                        String.valueOf(rows.getString("csv_line")).strip(),
                        String.valueOf(rows.getString("error_message")).strip());
            }
        }
        execute("DROP TABLE IF EXISTS reject_errors");
        execute("DROP TABLE IF EXISTS reject_scans");
        return lines;
    }

    private void rejectUnfit(
            Path file, String column, FeatureType type, Map<String, String> found, List<Long> brokenLines) {
        String cell = SqlQuotes.identifier(column);
        String unfit = "SELECT __row, " + cell + "::VARCHAR AS value FROM raw WHERE " + cell + " IS NOT NULL AND ("
                + cast(column, type, found) + ") IS NULL ORDER BY __row";
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(unfit)) {
            while (rows.next()) {
                rejections.add(
                        file.getFileName() + ":" + line(rows.getLong("__row"), brokenLines) + ": " + column,
                        rows.getString("value"),
                        expected(type));
            }
        } catch (SQLException e) {
            throw new UnreadableSourceException(file.getFileName() + ": " + column + ": " + e.getMessage(), List.of());
        }
    }

    /** A row's line in the file: a heading and the broken lines stand before it. Exact where no value spans lines. */
    private long line(long row, List<Long> brokenLines) {
        if (source.format() != SourceDefinition.Format.CSV) {
            return row;
        }
        long line = row + 1;
        for (long broken : brokenLines) {
            if (broken <= line) {
                line++;
            }
        }
        return line;
    }

    private String expected(FeatureType type) {
        return switch (type) {
            case BOOL -> "true or false";
            case INT64 -> "a whole number";
            case FLOAT64 -> "a finite number";
            case STRING -> "text";
            case TIMESTAMP ->
                source.zone().isPresent() ? "a timestamp" : "a timestamp with its zone, or zone = … in the source";
        };
    }

    /** The column as its declared type, null where it does not fit. */
    private String cast(String column, FeatureType type, Map<String, String> found) {
        String cell = SqlQuotes.identifier(column);
        return switch (type) {
            case BOOL, INT64 -> "TRY_CAST(" + cell + " AS " + DuckDbTypes.of(type) + ")";
            case STRING -> cell + "::VARCHAR";
            case FLOAT64 ->
                "CASE WHEN isfinite(TRY_CAST(" + cell + " AS DOUBLE)) THEN TRY_CAST(" + cell + " AS DOUBLE) END";
            case TIMESTAMP -> timestamp(cell, found.getOrDefault(column, "VARCHAR"));
        };
    }

    private String timestamp(String cell, String foundType) {
        if (foundType.equals("TIMESTAMP WITH TIME ZONE")) {
            return cell;
        }
        String text = cell + "::VARCHAR";
        String zoned = "CASE WHEN regexp_matches(" + text + ", '" + ZONE_PATTERN + "') AND length(" + text
                + ") > 12 THEN TRY_CAST(" + text + " AS TIMESTAMPTZ)";
        return source.zone()
                        .map(zone -> zoned + " ELSE timezone(" + SqlQuotes.literal(zone.getId()) + ", TRY_CAST(" + text
                                + " AS TIMESTAMP))")
                        .orElse(zoned)
                + " END";
    }

    private String typed(Map<String, String> found) {
        var columns = new ArrayList<String>();
        var fits = new ArrayList<String>();
        source.columns().forEach((column, type) -> {
            String cell = SqlQuotes.identifier(column);
            columns.add("(" + cast(column, type, found) + ") AS " + cell);
            fits.add("(" + cell + " IS NULL OR (" + cast(column, type, found) + ") IS NOT NULL)");
        });
        found.keySet().stream()
                .filter(column -> !source.columns().containsKey(column))
                .forEach(column -> columns.add(SqlQuotes.identifier(column)));
        return "SELECT " + String.join(", ", columns) + " FROM raw"
                + (fits.isEmpty() ? "" : " WHERE " + String.join(" AND ", fits)) + " ORDER BY __row";
    }

    private long count(String query) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
