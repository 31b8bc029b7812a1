package dev.triptych.runtime.duckdb;

import dev.triptych.inference.SelectedKeys.Selected;
import dev.triptych.inference.SelectedKeys.SelectedKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** The chosen keys of a run as a Parquet file, and the reading of it, bit by bit. */
final class KeptKeyFile implements Selected {

    private static final String TABLE = "chosen";

    private final DuckDBConnection connection;
    private final DuckDBPreparedStatement statement;
    private final DuckDBChunkedResult result;
    private @Nullable DuckDBDataChunkReader chunk;
    private int row;

    private KeptKeyFile(DuckDBConnection connection, Path file) throws SQLException {
        this.connection = connection;
        this.statement = connection.prepare("SELECT key, visible::INTEGER FROM read_parquet("
                + SqlQuotes.literal(file.toString()) + ") ORDER BY key");
        this.result = statement.query();
        fill();
    }

    static void write(Iterator<SelectedKey> keys, Path file, DuckDbMemory memory) throws SQLException {
        try (DuckDBConnection connection = memory.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + TABLE + " (key VARCHAR, visible BOOLEAN)");
            try (var appender = connection.createAppender(TABLE)) {
                while (keys.hasNext()) {
                    SelectedKey key = keys.next();
                    appender.beginRow().append(key.key()).append(key.visible()).endRow();
                }
            }
            statement.execute("COPY (SELECT * FROM " + TABLE + " ORDER BY key) TO " + SqlQuotes.literal(file.toString())
                    + " (FORMAT parquet, COMPRESSION zstd)");
        }
    }

    static KeptKeyFile open(Path file, DuckDbMemory memory) throws SQLException {
        DuckDBConnection connection = memory.open();
        try {
            return new KeptKeyFile(connection, file);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void fill() throws SQLException {
        row = 0;
        chunk = null;
        while (chunk == null && result.nextChunk()) {
            chunk = result.chunk().rowCount() == 0 ? null : result.chunk();
        }
    }

    @Override
    public boolean hasNext() {
        return chunk != null;
    }

    @Override
    public SelectedKey next() {
        DuckDBDataChunkReader current = chunk;
        if (current == null) {
            throw new NoSuchElementException("no more keys");
        }
        try {
            var key = new SelectedKey(
                    current.vector(0).getString(row), current.vector(1).getInt(row) == 1);
            if (++row == current.rowCount()) {
                fill();
            }
            return key;
        } catch (SQLException e) {
            throw new IllegalStateException("chosen keys cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            chunk = null;
        } catch (SQLException e) {
            throw new IllegalStateException("a read of chosen keys cannot be closed: " + e.getMessage(), e);
        }
    }
}
