package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;

/** The rows of one schema, one key after the other, each in the journal's order. */
final class SegmentStream implements AutoCloseable {

    /** An event as its rows tell it, and its number in its key's journal. */
    record Numbered(long sequenceNr, RowsWritten event) {}

    private final SegmentSchema schema;
    private final DuckDBConnection connection;
    private final DuckDBPreparedStatement statement;
    private final DuckDBChunkedResult result;
    private final KeyRows rows = new KeyRows();

    private SegmentChunk chunk = SegmentChunk.EMPTY;
    private int position;
    private int rowsOfLastKey;

    private String key = "";
    private List<Numbered> events = List.of();

    private SegmentStream(SegmentSchema schema, DuckDBConnection connection, String sql) throws SQLException {
        this.schema = schema;
        this.connection = connection;
        this.statement = connection.prepare(sql);
        this.result = statement.query();
    }

    /** Every row of the reads, key after key. Opens them all at once, as each reads its first rows before it answers. */
    static MergedHistories merged(DuckDBConnection database, List<SegmentRead> reads) {
        List<CompletableFuture<SegmentStream>> opening = reads.stream()
                .map(read -> CompletableFuture.supplyAsync(() -> open(database, read)))
                .toList();
        try {
            CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new)).join();
            return new MergedHistories(
                    opening.stream().map(CompletableFuture::join).toList());
        } catch (RuntimeException failed) {
            opening.stream()
                    .filter(stream -> !stream.isCompletedExceptionally())
                    .forEach(stream -> stream.join().close());
            throw failed;
        }
    }

    /** Opens a connection of its own to the database, closed with the stream. */
    private static SegmentStream open(DuckDBConnection database, SegmentRead read) {
        try {
            DuckDBConnection connection = database.duplicate();
            try {
                return new SegmentStream(read.schema(), connection, read.sql());
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Goes to the next key; false at the end. */
    boolean advance() {
        if (!fill()) {
            return false;
        }
        key = nextKey();
        do {
            int end = chunk.endOfKey(key, position, rowsOfLastKey);
            rows.add(chunk, position, end);
            position = end;
        } while (position == chunk.rows() && fill() && chunk.key(position).equals(key));
        rowsOfLastKey = rows.size();
        events = rows.events(schema);
        rows.clear();
        return true;
    }

    /** Keys that go back would be given out twice, each time with a part of its rows. */
    private String nextKey() {
        String next = chunk.key(position);
        if (rowsOfLastKey > 0 && MergedHistories.compareUtf8(next, key) <= 0) {
            throw new IllegalStateException(
                    "segments of " + schema.view() + ": key " + next + " after " + key + " (expected: sorted by key)");
        }
        return next;
    }

    private boolean fill() {
        while (position == chunk.rows()) {
            if (!result.nextChunk()) {
                return false;
            }
            chunk = new SegmentChunk(result.chunk(), schema.types());
            position = 0;
        }
        return true;
    }

    String key() {
        return key;
    }

    List<Numbered> events() {
        return events;
    }

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            position = chunk.rows();
        } catch (SQLException e) {
            throw new IllegalStateException("a read of segments cannot be closed: " + e.getMessage(), e);
        }
    }
}
