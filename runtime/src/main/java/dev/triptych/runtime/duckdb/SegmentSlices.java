package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.Slices;
import dev.triptych.store.features.Segment;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Segments in slices, each a range of keys; whichever segments there are, merged or not, as all of them are sorted by key.
 * Each slice is read on the thread that asks for its rows, in its share of the memory, out of one database, which costs more
 * to open than a file.
 */
final class SegmentSlices implements Slices {

    private final List<Segment> segments;
    private final Path root;
    private final Horizon horizon;
    private final DuckDbMemory memory;
    private final DuckDBConnection database;
    private final List<KeyRange> ranges;

    /**
     * @param memory of all slices together; with as many threads as are read at once
     * @param rowsASlice about
     */
    SegmentSlices(List<Segment> segments, Path root, Horizon horizon, DuckDbMemory memory, long rowsASlice)
            throws SQLException {
        this.segments = segments;
        this.root = root;
        this.horizon = horizon;
        this.memory = memory;
        this.database = new DuckDbMemory(memory.mebibytes(), 1, memory.spill()).open();
        try {
            this.ranges = KeyRange.divide(
                    database,
                    segments.stream()
                            .map(segment -> SegmentRead.file(segment, root))
                            .toList(),
                    rowsASlice);
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public int count() {
        return ranges.size();
    }

    @Override
    public int atOnce() {
        return Math.min(memory.threads(), ranges.size());
    }

    @Override
    public Histories open(int slice) {
        try {
            return SegmentStream.merged(
                    database,
                    SegmentRead.plan(segments, root, horizon, ranges.get(slice), memory.mebibytes() / atOnce()));
        } catch (RuntimeException e) {
            var schema = segments.getFirst().schema();
            throw new IllegalStateException(
                    "slice " + slice + " of " + schema.system() + "/" + schema.entity() + " cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The database goes with the last slice that is open. */
    @Override
    public void close() {
        try {
            database.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be closed: " + e.getMessage(), e);
        }
    }
}
