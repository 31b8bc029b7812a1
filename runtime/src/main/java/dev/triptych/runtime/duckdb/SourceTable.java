package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.store.features.domain.FeatureType;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Loads files into the table {@code source}: first as they are, then each declared column as its type, so that every
 * value that does not fit is found with its place. Rows that do not fit are left out and told.
 */
final class SourceTable {

    /** What an ISO-8601 timestamp ends with if it names its zone. */
    private static final String ZONE_PATTERN = "(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)$";

    /** DuckDB would round what has more to it. */
    private static final String WHOLE_PATTERN = "\\s*[+-]?[0-9]+(\\.0*)?\\s*";

    private final DuckDBConnection connection;
    private final SourceDefinition.Files source;
    private final Rejections rejections;

    SourceTable(DuckDBConnection connection, SourceDefinition.Files source, Rejections rejections) {
        this.connection = connection;
        this.source = source;
        this.rejections = rejections;
    }

    /** @return raw rows read, the rejected ones included */
    long load() throws SQLException {
        createEmpty();
        var raw = new RawTable(connection, source, rejections);
        long rowsRead = 0;
        for (Path file : source.files()) {
            RawTable.Loaded loaded = raw.load(file);
            rowsRead += loaded.rowsRead();
            source.columns().forEach((column, type) -> tellUnfit(loaded, column, type));
            long before = count("source");
            execute("INSERT INTO source " + typed(loaded.types()));
            rejections.count(count("raw") - (count("source") - before));
        }
        execute("DROP TABLE IF EXISTS raw");
        return rowsRead;
    }

    /** The table with its declared columns and no rows. */
    void createEmpty() throws SQLException {
        execute("CREATE TABLE source ("
                + source.columns().entrySet().stream()
                        .map(column -> SqlQuotes.identifier(column.getKey()) + " " + DuckDbTypes.of(column.getValue()))
                        .collect(Collectors.joining(", "))
                + ")");
    }

    private void tellUnfit(RawTable.Loaded loaded, String column, FeatureType type) {
        String cell = SqlQuotes.identifier(column);
        String unfit = "SELECT " + RawTable.PLACE + ", " + cell + "::VARCHAR AS value FROM raw WHERE " + cell
                + " IS NOT NULL AND (" + cast(column, type, loaded.types()) + ") IS NULL ORDER BY 1";
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(unfit)) {
            while (rows.next()) {
                long place = rows.getLong(1);
                rejections.tell(place, loaded.place(place) + ": " + column, rows.getString("value"), expected(type));
            }
        } catch (SQLException e) {
            throw new UnreadableSourceException(
                    loaded.file().getFileName() + ": " + column + ": " + SqlMessages.firstLine(e), List.of());
        }
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
        String foundType = found.getOrDefault(column, "VARCHAR");
        return switch (type) {
            case BOOL -> "TRY_CAST(" + cell + "::VARCHAR AS BOOLEAN)";
            case INT64 -> whole(cell, foundType);
            case STRING -> cell + "::VARCHAR";
            case FLOAT64 -> finite("TRY_CAST(" + number(cell, foundType) + " AS DOUBLE)");
            case TIMESTAMP -> finite(timestamp(cell, foundType));
        };
    }

    private static String finite(String value) {
        return "CASE WHEN isfinite(" + value + ") THEN " + value + " END";
    }

    private static String whole(String cell, String foundType) {
        String whole = DuckDbTypes.isNumber(foundType)
                ? cell + " = trunc(" + cell + ")"
                : "regexp_full_match(" + cell + "::VARCHAR, '" + WHOLE_PATTERN + "')";
        return "CASE WHEN " + whole + " THEN TRY_CAST(" + number(cell, foundType) + " AS BIGINT) END";
    }

    /** As text where it is no number: DuckDB would make one of a boolean too. */
    private static String number(String cell, String foundType) {
        return DuckDbTypes.isNumber(foundType) ? cell : cell + "::VARCHAR";
    }

    private String timestamp(String cell, String foundType) {
        if (foundType.equals("TIMESTAMP WITH TIME ZONE")) {
            return cell;
        }
        String text = cell + "::VARCHAR";
        String zoned = "CASE WHEN regexp_matches(" + text + ", '" + ZONE_PATTERN + "') AND length(" + text
                + ") > 12 THEN TRY_CAST(" + text + " AS TIMESTAMPTZ)";
        return source.zone()
                        .map(zone -> zoned + " ELSE timezone(" + SqlQuotes.zone(zone) + ", TRY_CAST(" + text
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
        return "SELECT " + String.join(", ", columns) + " FROM raw"
                + (fits.isEmpty() ? "" : " WHERE " + String.join(" AND ", fits)) + " ORDER BY " + RawTable.PLACE;
    }

    private long count(String table) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
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
