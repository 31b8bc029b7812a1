package dev.triptych.runtime.duckdb;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One output of a feature pipeline: a transformation's result, checked to be rows of its view. */
final class OutputTable {

    private static final String EVENT_TIME = "event_time";

    private final Connection connection;
    private final String name;
    private final FeaturePipelineDefinition.Output output;
    private final ViewDefinition view;
    private final String key;
    private final Optional<ZoneId> zone;

    /**
     * @param name of the table it becomes
     * @param key the entity's key column
     * @param zone of times that name none
     */
    OutputTable(
            Connection connection,
            String name,
            FeaturePipelineDefinition.Output output,
            ViewDefinition view,
            String key,
            Optional<ZoneId> zone) {
        this.connection = connection;
        this.name = name;
        this.output = output;
        this.view = view;
        this.key = key;
        this.zone = zone;
    }

    /** What is wrong with the SQL or its result's columns; empty if it can be used. Runs nothing. */
    List<Mistake> mistakes() {
        var mistakes = new ArrayList<Mistake>();
        Map<String, String> found;
        try {
            found = columns();
        } catch (SQLException e) {
            return List.of(new Mistake(output.file(), line(e), SqlMessages.firstLine(e), "mend the SQL"));
        }
        if (!found.containsKey(key)) {
            mistakes.add(mistake("", "no column " + key, "select the entity's key as " + key));
        } else if (!DuckDbTypes.fits(found.get(key), FeatureType.STRING)) {
            mistakes.add(mistake(key, key + " is " + found.get(key), "make it text: " + key + "::VARCHAR"));
        }
        String time = found.get(EVENT_TIME);
        if (time == null) {
            mistakes.add(mistake("", "no column event_time", "select when the row is true as event_time"));
        } else if (DuckDbTypes.isTimeWithoutZone(time) && zone.isEmpty()) {
            mistakes.add(mistake(
                    EVENT_TIME,
                    "event_time is " + time + ", without a zone",
                    "make it TIMESTAMPTZ, or give the source a zone"));
        } else if (!time.equals("TIMESTAMP WITH TIME ZONE") && !DuckDbTypes.isTimeWithoutZone(time)) {
            mistakes.add(mistake(EVENT_TIME, "event_time is " + time, "make it TIMESTAMPTZ"));
        }
        for (FeatureDefinition feature : view.features()) {
            String type = found.get(feature.name());
            if (type == null) {
                mistakes.add(
                        mistake("", "no column " + feature.name(), "select it: view " + view.name() + " declares it"));
            } else if (!fits(type, feature.type())) {
                mistakes.add(mistake(
                        feature.name(),
                        feature.name() + " is " + type,
                        "cast it to " + DuckDbTypes.of(feature.type()) + ", or declare another type in view "
                                + view.name()));
            }
        }
        return mistakes;
    }

    private boolean fits(String found, FeatureType type) {
        // A column of nothing but NULL has no type of its own.
        return DuckDbTypes.fits(found, type)
                || found.equals("NULL")
                || found.equals("\"NULL\"")
                || (type == FeatureType.TIMESTAMP && DuckDbTypes.isTimeWithoutZone(found) && zone.isPresent());
    }

    private Mistake mistake(String column, String message, String mend) {
        return new Mistake(output.file(), lineOf(column), message, mend);
    }

    /** Where the SQL first names the column; its first line where it does not, or the column comes from a star. */
    private int lineOf(String column) {
        if (!column.isEmpty()) {
            var word = Pattern.compile("(?i)(?<![\\w])" + Pattern.quote(column) + "(?![\\w])");
            List<String> lines = output.sql().lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (word.matcher(lines.get(i)).find()) {
                    return i + 1;
                }
            }
        }
        return 1;
    }

    /** The statement around ours puts it on its second line. */
    private static int line(SQLException e) {
        int line = SqlMessages.line(e);
        return line == 0 ? 0 : Math.max(1, line - 1);
    }

    private Map<String, String> columns() throws SQLException {
        var columns = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("DESCRIBE SELECT * FROM (\n" + sql() + "\n)")) {
            while (rows.next()) {
                columns.put(rows.getString("column_name"), rows.getString("column_type"));
            }
        }
        return columns;
    }

    private String sql() {
        String sql = output.sql().strip();
        return sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql;
    }

    /**
     * Runs the transformation; rows that cannot be feature rows are left out and told.
     *
     * @throws UnreadableSourceException if it fails on a value
     */
    void fill(Rejections rejections) throws SQLException {
        try {
            create();
        } catch (SQLException e) {
            String message = new Mistake(
                            output.file(), line(e), SqlMessages.firstLine(e), "mend the SQL, or the source")
                    .render();
            throw new UnreadableSourceException(message, List.of(message));
        }
        String micros = "__event_micros";
        reject(
                rejections,
                key,
                "coalesce(__key, 'null')",
                "__key IS NULL OR length(__key) = 0 OR " + longerThan("__key", EntityId.KEY_LENGTH_MAX)
                        + " OR regexp_matches(__key, '[\\x00-\\x1f\\x7f-\\x9f]')",
                "1 to " + EntityId.KEY_LENGTH_MAX + " characters, none of them a control character");
        reject(
                rejections,
                EVENT_TIME,
                "coalesce(make_timestamp(" + micros + ")::VARCHAR, 'null')",
                micros + " IS NULL OR " + micros + " NOT BETWEEN " + FeatureRow.EVENT_MICROS_MIN + " AND "
                        + FeatureRow.EVENT_MICROS_MAX,
                "a time between the years 1 and 9999");
        for (FeatureDefinition feature : view.features()) {
            String cell = SqlQuotes.identifier(feature.name());
            switch (feature.type()) {
                case FLOAT64 ->
                    reject(
                            rejections,
                            feature.name(),
                            cell + "::VARCHAR",
                            cell + " IS NOT NULL AND NOT isfinite(" + cell + ")",
                            "a finite number, or null");
                case STRING ->
                    reject(
                            rejections,
                            feature.name(),
                            cell,
                            longerThan(cell, Value.Text.LENGTH_MAX),
                            "at most " + Value.Text.LENGTH_MAX + " characters");
                case BOOL, INT64, TIMESTAMP -> {}
            }
        }
    }

    /** Java counts two characters where DuckDB counts one beyond U+FFFF. */
    private static String longerThan(String cell, int charactersMax) {
        return "(length(" + cell + ") > " + charactersMax / 2 + " AND length(regexp_replace(" + cell
                + ", '[\\x{10000}-\\x{10FFFF}]', '..', 'g')) > " + charactersMax + ")";
    }

    private void create() throws SQLException {
        Map<String, String> found = columns();
        var columns = new ArrayList<String>();
        columns.add(SqlQuotes.identifier(key) + "::VARCHAR AS __key");
        columns.add(micros(EVENT_TIME, found) + " AS __event_micros");
        for (FeatureDefinition feature : view.features()) {
            columns.add(value(feature, found) + " AS " + SqlQuotes.identifier(feature.name()));
        }
        execute("CREATE TABLE " + name + " AS SELECT " + String.join(", ", columns) + " FROM (\n" + sql() + "\n)");
    }

    private String value(FeatureDefinition feature, Map<String, String> found) {
        return feature.type() == FeatureType.TIMESTAMP
                ? micros(feature.name(), found)
                : "CAST(" + SqlQuotes.identifier(feature.name()) + " AS " + DuckDbTypes.of(feature.type()) + ")";
    }

    private String micros(String column, Map<String, String> found) {
        String cell = SqlQuotes.identifier(column);
        boolean naive = DuckDbTypes.isTimeWithoutZone(found.getOrDefault(column, ""));
        return "epoch_us("
                + (naive && zone.isPresent()
                        ? "timezone(" + SqlQuotes.zone(zone.get()) + ", " + cell + "::TIMESTAMP)"
                        : cell + "::TIMESTAMPTZ")
                + ")";
    }

    private void reject(Rejections rejections, String column, String value, String unfit, String expected)
            throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT coalesce(__key, 'null'), " + value + " FROM " + name + " WHERE " + unfit)) {
            while (rows.next()) {
                rejections.add(
                        output.file().getFileName() + ": key " + rows.getString(1) + ": " + column,
                        rows.getString(2),
                        expected);
            }
        }
        execute("DELETE FROM " + name + " WHERE " + unfit);
    }

    long count() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM " + name)) {
            row.next();
            return row.getLong(1);
        }
    }

    String name() {
        return name;
    }

    ViewDefinition view() {
        return view;
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
