package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Loads one file after another into the table {@code raw}: the declared columns as the file has them, beside the place
 * each row was found at. What is no row at all is told.
 */
final class RawTable {

    /** Where a row was found: its line, or its number where a format has no lines. */
    static final String PLACE = "__place";

    /** Keys that are told where a declared one is missing. */
    private static final int KEYS_TOLD_MAX = 20;

    private final DuckDBConnection connection;
    private final SourceDefinition.Files source;
    private final Rejections rejections;

    /**
     * A file's rows.
     *
     * @param rowsRead what is no row included
     * @param types DuckDB's type of each declared column
     * @param byLine whether a place is a line
     */
    record Loaded(Path file, long rowsRead, Map<String, String> types, boolean byLine) {

        /** {@code file:line}, or {@code file: row n}. */
        String place(long place) {
            return file.getFileName() + (byLine ? ":" : ": row ") + place;
        }
    }

    RawTable(DuckDBConnection connection, SourceDefinition.Files source, Rejections rejections) {
        this.connection = connection;
        this.source = source;
        this.rejections = rejections;
    }

    Loaded load(Path file) {
        rejections.nextFile();
        try {
            execute("DROP TABLE IF EXISTS raw");
            return switch (source.format()) {
                case CSV -> csv(file);
                case JSON -> json(file);
                case PARQUET -> parquet(file);
            };
        } catch (SQLException e) {
            throw new UnreadableSourceException(file.getFileName() + ": " + SqlMessages.firstLine(e), List.of());
        }
    }

    private Loaded csv(Path file) throws SQLException {
        execute("CREATE TABLE raw (" + PLACE + " BIGINT"
                + source.columns().keySet().stream()
                        .map(column -> ", " + SqlQuotes.identifier(column) + " VARCHAR")
                        .collect(Collectors.joining())
                + ")");
        long rowsRead = 0;
        try (var lines = new TextLines(file);
                DuckDBAppender appender = connection.createAppender("main", "raw")) {
            var records = new CsvRecords(lines);
            requireDeclared(file.getFileName() + ":1", records.heading());
            int[] fields = source.columns().keySet().stream()
                    .mapToInt(records.heading()::indexOf)
                    .toArray();
            for (CsvRecords.Read read = records.next(); read != null; read = records.next()) {
                rowsRead++;
                switch (read) {
                    case CsvRecords.Row(long line, var values) -> append(appender, line, values, fields);
                    case CsvRecords.Broken(long line, var column, var text, var expected) ->
                        rejections.add(line, file.getFileName() + ":" + line + ": " + column, text, expected);
                }
            }
        }
        return new Loaded(file, rowsRead, textTypes(), true);
    }

    private static void append(DuckDBAppender appender, long line, List<@Nullable String> values, int[] fields)
            throws SQLException {
        appender.beginRow();
        appender.append(line);
        for (int field : fields) {
            String value = values.get(field);
            if (value == null) {
                appender.appendNull();
            } else {
                appender.append(value);
            }
        }
        appender.endRow();
    }

    /** An array of objects, or one object a line. */
    private Loaded json(Path file) throws SQLException {
        boolean byLine = !startsWithBracket(file);
        if (byLine) {
            execute("CREATE OR REPLACE TABLE objects (" + PLACE + " BIGINT, json VARCHAR)");
            appendLines(file);
        } else {
            execute("CREATE OR REPLACE TABLE objects AS SELECT row_number() OVER () AS " + PLACE
                    + ", json::VARCHAR AS json FROM read_json_objects(" + SqlQuotes.literal(file.toString())
                    + ", format = 'array')");
        }
        var loaded = new Loaded(file, count("SELECT count(*) FROM objects"), textTypes(), byLine);
        rejectNoObjects(loaded);
        requireKeys(loaded);
        execute("CREATE TABLE raw AS SELECT " + PLACE
                + source.columns().keySet().stream()
                        .map(column ->
                                ", json_extract_string(json, " + path(column) + ") AS " + SqlQuotes.identifier(column))
                        .collect(Collectors.joining())
                + " FROM objects");
        execute("DROP TABLE objects");
        return loaded;
    }

    private static boolean startsWithBracket(Path file) {
        try (var lines = new TextLines(file)) {
            TextLines.Line line = lines.next();
            while (line != null && line.text().isBlank()) {
                line = lines.next();
            }
            return line != null && line.text().strip().startsWith("[");
        }
    }

    private void appendLines(Path file) throws SQLException {
        try (var lines = new TextLines(file);
                DuckDBAppender appender = connection.createAppender("main", "objects")) {
            for (TextLines.Line line = lines.next(); line != null; line = lines.next()) {
                if (!line.text().isBlank()) {
                    appender.beginRow();
                    appender.append(line.number());
                    appender.append(line.text());
                    appender.endRow();
                }
            }
        }
    }

    private void rejectNoObjects(Loaded loaded) throws SQLException {
        // What is not UTF-8 has been read as the replacement character by now.
        String none = "CASE WHEN NOT json_valid(json) THEN 'one JSON object'"
                + " WHEN json_type(json) <> 'OBJECT' THEN 'one JSON object'"
                + " WHEN contains(json, chr(65533)) THEN 'UTF-8' END";
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + PLACE + ", json, " + none + " AS expected FROM objects"
                        + " WHERE expected IS NOT NULL ORDER BY 1")) {
            while (rows.next()) {
                long place = rows.getLong(1);
                rejections.add(place, loaded.place(place) + ": object", rows.getString(2), rows.getString(3));
            }
        }
        execute("DELETE FROM objects WHERE " + none + " IS NOT NULL");
    }

    /** An object may leave a key out, which is null; a key that all of them leave out is a mistake. */
    private void requireKeys(Loaded loaded) throws SQLException {
        if (count("SELECT count(*) FROM objects") == 0) {
            return;
        }
        var found = new TreeSet<String>();
        try (var statement = connection.createStatement();
                var keys = statement.executeQuery("SELECT DISTINCT unnest(json_keys(json)) FROM objects")) {
            while (keys.next()) {
                found.add(keys.getString(1));
            }
        }
        requireDeclared(loaded.place(1), found);
    }

    private Loaded parquet(Path file) throws SQLException {
        String reader = "read_parquet(" + SqlQuotes.literal(file.toString()) + ")";
        var types = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("DESCRIBE SELECT * FROM " + reader)) {
            while (rows.next()) {
                types.put(rows.getString("column_name"), rows.getString("column_type"));
            }
        }
        requireDeclared(file.getFileName().toString(), types.keySet());
        execute("CREATE TABLE raw AS SELECT row_number() OVER () AS " + PLACE
                + source.columns().keySet().stream()
                        .map(column -> ", " + SqlQuotes.identifier(column))
                        .collect(Collectors.joining())
                + " FROM " + reader);
        return new Loaded(file, count("SELECT count(*) FROM raw"), types, false);
    }

    private void requireDeclared(String place, Collection<String> found) {
        for (String column : source.columns().keySet()) {
            if (!found.contains(column)) {
                String beside =
                        new ArrayList<>(found).stream().limit(KEYS_TOLD_MAX).collect(Collectors.joining(", "));
                String message =
                        place + ": " + column + ": missing (expected: a column of that name beside " + beside + ")";
                throw new UnreadableSourceException(message, List.of(message));
            }
        }
    }

    private Map<String, String> textTypes() {
        return source.columns().keySet().stream().collect(Collectors.toMap(column -> column, column -> "VARCHAR"));
    }

    private static String path(String key) {
        return SqlQuotes.literal("$.\"" + key.replace("\"", "\\\"") + '"');
    }

    private long count(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
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
