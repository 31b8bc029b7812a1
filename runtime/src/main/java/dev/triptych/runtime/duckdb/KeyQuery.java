package dev.triptych.runtime.duckdb;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.SelectedKeys.Choice;
import dev.triptych.inference.SelectedKeys.UnselectableException;
import dev.triptych.inference.domain.KeyAsOf;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * SQL that selects keys. It sees a table a view, named as the view, with a row for each key that has one at the run's
 * instant: the key, {@code event_time}, and the features as a model takes them. {@code getvariable('as_of')} is the
 * instant itself.
 */
final class KeyQuery {

    private static final String EVENT_TIME = "event_time";

    private final DuckDBConnection connection;
    private final KeySelection.Query query;
    private final Choice choice;

    KeyQuery(DuckDBConnection connection, KeySelection.Query query, Choice choice) {
        this.connection = connection;
        this.query = query;
        this.choice = choice;
    }

    /** The tables that the SQL sees, without rows; from here on it can read nothing else. */
    void createTables() throws SQLException {
        execute("SET TimeZone = 'UTC'");
        execute("SET VARIABLE as_of = TIMESTAMPTZ "
                + SqlQuotes.literal(Micros.toInstant(choice.asOfMicros()).toString()));
        for (ViewDefinition view : choice.views()) {
            execute("CREATE TABLE " + SqlQuotes.identifier(view.name()) + " (" + columns(view) + ")");
        }
        execute("SET enable_external_access = false");
    }

    private String columns(ViewDefinition view) {
        List<String> fixed = List.of(choice.keyColumn(), EVENT_TIME);
        List<String> names = Cells.columns(
                view.features().stream().map(FeatureDefinition::name).toList(),
                fixed.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
        var columns = new ArrayList<>(List.of(
                SqlQuotes.identifier(choice.keyColumn()) + " VARCHAR",
                EVENT_TIME + " " + Cells.sqlType(FeatureType.TIMESTAMP)));
        for (int feature = 0; feature < names.size(); feature++) {
            columns.add(SqlQuotes.identifier(names.get(feature)) + " "
                    + Cells.sqlType(view.features().get(feature).type()));
        }
        return String.join(", ", columns);
    }

    void fill(Iterator<KeyAsOf> keys) throws SQLException {
        var appenders = new ArrayList<DuckDBAppender>();
        try {
            for (ViewDefinition view : choice.views()) {
                appenders.add(connection.createAppender("main", view.name()));
            }
            while (keys.hasNext()) {
                KeyAsOf key = keys.next();
                for (int view = 0; view < appenders.size(); view++) {
                    Optional<KeyAsOf.Row> row = key.rows().get(view);
                    if (row.isPresent()) {
                        append(
                                appenders.get(view),
                                key.key(),
                                row.get(),
                                choice.views().get(view));
                    }
                }
            }
        } finally {
            for (DuckDBAppender appender : appenders) {
                appender.close();
            }
        }
    }

    private static void append(DuckDBAppender appender, String key, KeyAsOf.Row row, ViewDefinition view)
            throws SQLException {
        appender.beginRow().append(key).appendEpochMicros(Cells.finite(row.eventMicros()));
        for (int feature = 0; feature < view.features().size(); feature++) {
            Cells.append(
                    appender,
                    row.values().get(feature),
                    view.features().get(feature).type());
        }
        appender.endRow();
    }

    /** What is wrong with the SQL or its result; empty if it can be used. Runs nothing. */
    List<Mistake> mistakes() {
        try {
            String type = types().get(choice.keyColumn());
            if (type == null) {
                return List.of(mistake(
                        1,
                        "no column " + choice.keyColumn(),
                        "select the key of " + query.entity() + " as " + choice.keyColumn()));
            }
            return DuckDbTypes.fits(type, FeatureType.STRING)
                    ? List.of()
                    : List.of(mistake(
                            1,
                            choice.keyColumn() + " is " + type,
                            "make it text: " + choice.keyColumn() + "::VARCHAR"));
        } catch (SQLException e) {
            return List.of(mistake(line(e), SqlMessages.firstLine(e), "mend the SQL"));
        }
    }

    private Map<String, String> types() throws SQLException {
        var types = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("DESCRIBE SELECT * FROM (\n" + sql() + "\n)")) {
            while (rows.next()) {
                types.put(rows.getString("column_name"), rows.getString("column_type"));
            }
        }
        return types;
    }

    /** @throws UnselectableException if the SQL fails on a value, or gives a row without a key */
    void run(ChosenTable chosen) throws SQLException {
        try {
            chosen.choose("SELECT " + SqlQuotes.identifier(choice.keyColumn()) + " FROM (\n" + sql() + "\n)");
        } catch (SQLException e) {
            throw new UnselectableException(
                    mistake(line(e), SqlMessages.firstLine(e), "mend the SQL").render());
        }
        if (chosen.lacksAKey()) {
            throw new UnselectableException(mistake(
                            1,
                            "a row has no " + choice.keyColumn(),
                            "leave such rows out: WHERE " + choice.keyColumn() + " IS NOT NULL")
                    .render());
        }
    }

    private Mistake mistake(int line, String message, String mend) {
        return new Mistake(query.file(), line, message, mend);
    }

    /** The statement around the SQL puts it on its second line. */
    private static int line(SQLException e) {
        int line = SqlMessages.line(e);
        return line == 0 ? 0 : Math.max(1, line - 1);
    }

    private String sql() {
        String sql = query.sql().strip();
        return sql.endsWith(";") ? sql.substring(0, sql.length() - 1) : sql;
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
