package dev.triptych.runtime.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows turned into arrays, a column each, for statements that unnest them: one statement writes many rows. */
record Columns<R>(Connection connection, List<R> rows) {

    /** @param type as PostgreSQL names it */
    Array of(String type, Function<? super R, ? extends @Nullable Object> value) throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    Array ofBytes(Function<? super R, byte[]> value) throws SQLException {
        return connection.createArrayOf("bytea", rows.stream().map(value).toArray(byte[][]::new));
    }
}
