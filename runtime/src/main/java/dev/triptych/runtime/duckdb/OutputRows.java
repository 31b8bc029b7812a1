package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.feature.Extraction.KeyRows;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads an output's rows in key order, the rows of a key together in event-time order. */
final class OutputRows implements Iterator<KeyRows>, AutoCloseable {

    private static final int ROWS_TOGETHER_MAX = 1_000;

    private final List<FeatureDefinition> features;
    private final Statement statement;
    private final ResultSet rows;
    private boolean more;

    OutputRows(Connection connection, OutputTable table) throws SQLException {
        this.features = table.view().features();
        this.statement = connection.createStatement();
        // Of two rows for one instant the later counts, so their order must be that of the source.
        this.rows = statement.executeQuery("SELECT * FROM " + table.name() + " ORDER BY __key, __event_micros, rowid");
        this.more = rows.next();
    }

    @Override
    public boolean hasNext() {
        return more;
    }

    @Override
    public KeyRows next() {
        if (!more) {
            throw new NoSuchElementException();
        }
        try {
            String key = rows.getString(1);
            var together = new ArrayList<FeatureRow>();
            do {
                together.add(row());
                more = rows.next();
            } while (more
                    && together.size() < ROWS_TOGETHER_MAX
                    && rows.getString(1).equals(key));
            return new KeyRows(key, together);
        } catch (SQLException e) {
            throw new UnreadableSourceException(
                    "a transformation's result cannot be read: " + e.getMessage(), List.of());
        }
    }

    private FeatureRow row() throws SQLException {
        var values = new ArrayList<Value>(features.size());
        for (int i = 0; i < features.size(); i++) {
            values.add(value(features.get(i).type(), i + 3));
        }
        return new FeatureRow(rows.getLong(2), values);
    }

    private Value value(FeatureType type, int column) throws SQLException {
        Value value = switch (type) {
            case BOOL -> new Value.Bool(rows.getBoolean(column));
            case INT64, TIMESTAMP -> new Value.Int64(rows.getLong(column));
            case FLOAT64 -> new Value.Float64(rows.getDouble(column));
            case STRING -> {
                String text = rows.getString(column);
                yield text == null ? Value.Null.NULL : new Value.Text(text);
            }
        };
        return rows.wasNull() ? Value.Null.NULL : value;
    }

    @Override
    public void close() {
        try {
            rows.close();
            statement.close();
        } catch (SQLException e) {
            throw new IllegalStateException("a result could not be closed", e);
        }
    }
}
