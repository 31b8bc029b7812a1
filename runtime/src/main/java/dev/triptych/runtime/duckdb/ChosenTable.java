package dev.triptych.runtime.duckdb;

import dev.triptych.inference.SelectedKeys.SelectedKey;
import dev.triptych.inference.domain.KeyAsOf;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** What a selection gave, beside the keys that there are; in DuckDB, which spills where the heap would overflow. */
final class ChosenTable {

    private static final String CHOSEN = "__chosen";
    private static final String KNOWN = "__known";

    private final DuckDBConnection connection;

    ChosenTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** @param select gives one column, the key */
    void choose(String select) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + CHOSEN + " AS SELECT DISTINCT key::VARCHAR AS key FROM (" + select
                    + ") chosen (key)");
        }
    }

    boolean lacksAKey() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM " + CHOSEN + " WHERE key IS NULL OR key = ''")) {
            row.next();
            return row.getLong(1) > 0;
        }
    }

    /** The keys that have a row, noted while they pass. Close it when all have passed. */
    Known known(Iterator<KeyAsOf> all) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + KNOWN + " (key VARCHAR)");
        }
        return new Known(all, connection.createAppender(KNOWN));
    }

    record Known(Iterator<KeyAsOf> all, DuckDBAppender appender) implements Iterator<KeyAsOf>, AutoCloseable {
        @Override
        public boolean hasNext() {
            return all.hasNext();
        }

        @Override
        public KeyAsOf next() {
            KeyAsOf key = all.next();
            try {
                appender.beginRow().append(key.key()).endRow();
            } catch (SQLException e) {
                throw new IllegalStateException("key " + key.key() + " cannot be noted: " + e.getMessage(), e);
            }
            return key;
        }

        @Override
        public void close() throws SQLException {
            appender.close();
        }
    }

    /** In key order, each once. */
    Rows rows() throws SQLException {
        Statement statement = connection.createStatement();
        return new Rows(
                statement,
                statement.executeQuery(
                        "SELECT key, key IN (SELECT key FROM " + KNOWN + ") FROM " + CHOSEN + " ORDER BY key"));
    }

    static final class Rows implements Iterator<SelectedKey>, AutoCloseable {
        private final Statement statement;
        private final ResultSet rows;
        private boolean there;

        Rows(Statement statement, ResultSet rows) throws SQLException {
            this.statement = statement;
            this.rows = rows;
            this.there = rows.next();
        }

        @Override
        public boolean hasNext() {
            return there;
        }

        @Override
        public SelectedKey next() {
            if (!there) {
                throw new NoSuchElementException("no more keys");
            }
            try {
                var key = new SelectedKey(rows.getString(1), rows.getBoolean(2));
                there = rows.next();
                return key;
            } catch (SQLException e) {
                throw new IllegalStateException("chosen keys cannot be read: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws SQLException {
            rows.close();
            statement.close();
        }
    }
}
