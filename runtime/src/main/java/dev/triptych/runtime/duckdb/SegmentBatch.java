package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentFiles;
import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Rows on their way into segments: a table a schema in DuckDB's memory, so that a big batch costs no Java heap. */
final class SegmentBatch implements SegmentFiles.Batch {

    private final DuckDbSegmentFiles files;
    private final Map<SegmentSchema, Gathering> gatherings = new LinkedHashMap<>();

    /** Rows of one view mostly come one after the other. */
    private @Nullable Gathering last;

    SegmentBatch(DuckDbSegmentFiles files) {
        this.files = files;
    }

    @Override
    public void add(String system, String entity, String key, Horizon at, long sequenceNr, RowsWritten event) {
        if (event.rows().isEmpty()) {
            return;
        }
        try {
            var gathering = gathering(system, entity, event);
            int index = 0;
            for (FeatureRow row : event.rows()) {
                gathering.append(key, row, event.ingestMicros(), at, index++, sequenceNr);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "rows of " + system + "/" + entity + "/" + key + " cannot be gathered: " + e.getMessage(), e);
        }
    }

    @Override
    public List<Segment> write() {
        var segments = new ArrayList<Segment>();
        for (Gathering gathering : gatherings.values()) {
            segments.add(gathering.write());
        }
        return segments;
    }

    @Override
    public void close() {
        SQLException failure = null;
        for (Gathering gathering : gatherings.values()) {
            try {
                gathering.drop();
            } catch (SQLException e) {
                failure = e;
            }
        }
        gatherings.clear();
        last = null;
        if (failure != null) {
            throw new IllegalStateException("gathered rows cannot be dropped: " + failure.getMessage(), failure);
        }
    }

    private Gathering gathering(String system, String entity, RowsWritten event) throws SQLException {
        if (last != null && last.holds(system, entity, event)) {
            return last;
        }
        var schema = new SegmentSchema(system, entity, event.view(), event.names(), event.types());
        Gathering found = gatherings.get(schema);
        if (found == null) {
            found = new Gathering(schema, "gathering_" + gatherings.size());
            gatherings.put(schema, found);
        }
        last = found;
        return found;
    }

    private final class Gathering {
        private final SegmentSchema schema;
        private final String table;
        private final DuckDBAppender appender;
        private @Nullable Horizon first;
        private Horizon latest = Horizon.START;
        private long rows;

        Gathering(SegmentSchema schema, String table) throws SQLException {
            this.schema = schema;
            this.table = table;
            files.execute("CREATE OR REPLACE TABLE " + table + " (" + SegmentColumns.definitions(schema) + ")");
            this.appender = files.connection().createAppender(table);
        }

        boolean holds(String system, String entity, RowsWritten event) {
            return schema.view().equals(event.view())
                    && schema.types().equals(event.types())
                    && schema.names().equals(event.names())
                    && schema.entity().equals(entity)
                    && schema.system().equals(system);
        }

        void append(String key, FeatureRow row, long ingestMicros, Horizon at, int index, long sequenceNr)
                throws SQLException {
            appender.beginRow()
                    .append(key)
                    .appendEpochMicros(Cells.finite(row.eventMicros()))
                    .appendEpochMicros(Cells.finite(ingestMicros))
                    .append(at.transaction())
                    .append(at.ordering())
                    .append(index)
                    .append(sequenceNr);
            for (int i = 0; i < schema.names().size(); i++) {
                Cells.append(
                        appender,
                        row.values().get(i),
                        FeatureType.ofCode(schema.types().charAt(i)));
            }
            appender.endRow();
            if (first == null) {
                first = at;
            }
            latest = at;
            rows++;
        }

        Segment write() {
            try {
                appender.flush();
            } catch (SQLException e) {
                throw new IllegalStateException("rows cannot be gathered: " + e.getMessage(), e);
            }
            return files.write(schema, first == null ? latest : first, latest, rows, table);
        }

        void drop() throws SQLException {
            appender.close();
            files.execute("DROP TABLE " + table);
        }
    }
}
