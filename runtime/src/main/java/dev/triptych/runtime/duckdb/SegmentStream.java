package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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

    private SegmentChunk chunk = SegmentChunk.EMPTY;
    private int position;

    private String key = "";
    private List<Numbered> events = List.of();

    /** @param connection closed with the stream */
    SegmentStream(DuckDBConnection connection, SegmentSchema schema, List<Path> files, Horizon horizon)
            throws SQLException {
        this.schema = schema;
        this.connection = connection;
        this.statement = connection.prepare(query(schema, files, horizon));
        this.result = statement.query();
    }

    private static String query(SegmentSchema schema, List<Path> files, Horizon horizon) {
        var columns = new ArrayList<>(List.of("key", "epoch_us(event_time)", "epoch_us(ingest_time)", "sequence_nr"));
        columns.addAll(SegmentColumns.featureReads(schema));
        var paths = files.stream()
                .map(file -> SqlQuotes.literal(file.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        return "SELECT " + String.join(", ", columns) + " FROM read_parquet(" + paths + ")"
                + " WHERE tx < " + horizon.transaction()
                + " OR (tx = " + horizon.transaction() + " AND ordering <= " + horizon.ordering() + ") "
                + SegmentColumns.IN_JOURNAL_ORDER;
    }

    /** Goes to the next key; false at the end. */
    boolean advance() {
        if (!fill()) {
            return false;
        }
        key = chunk.key(position);
        events = new ArrayList<>();
        var rows = new ArrayList<FeatureRow>();
        long sequenceNr = chunk.sequenceNr(position);
        long ingestMicros = chunk.ingestMicros(position);
        do {
            int end = chunk.endOfKey(key, position);
            for (; position < end; position++) {
                if (chunk.sequenceNr(position) != sequenceNr) {
                    add(sequenceNr, ingestMicros, rows);
                    rows.clear();
                    sequenceNr = chunk.sequenceNr(position);
                    ingestMicros = chunk.ingestMicros(position);
                }
                rows.add(chunk.featureRow(position));
            }
        } while (position == chunk.rows() && fill() && chunk.key(position).equals(key));
        add(sequenceNr, ingestMicros, rows);
        return true;
    }

    private void add(long sequenceNr, long ingestMicros, List<FeatureRow> rows) {
        events.add(new Numbered(
                sequenceNr,
                new RowsWritten(schema.view(), schema.names(), schema.types(), rows, ingestMicros, Optional.empty())));
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
