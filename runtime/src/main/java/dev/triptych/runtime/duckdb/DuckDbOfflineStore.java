package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Feature rows out of the segments, as they are sorted. */
public final class DuckDbOfflineStore implements OfflineStore {

    /** Of a slice, about: the reading is divided well by then, and what is made of it waits for its turn in memory. */
    private static final long ROWS_A_SLICE = 1_000_000;

    private final SegmentCatalog catalog;
    private final Path root;
    private final DuckDbMemory memory;
    private final Supplier<CompletionStage<Horizon>> catchUp;
    private final long rowsASlice;

    /**
     * @param root the offline store's folder
     * @param memory of each read; with as many threads as slices are read at once
     * @param catchUp answers once everything committed before its call is projected
     */
    public DuckDbOfflineStore(
            SegmentCatalog catalog, Path root, DuckDbMemory memory, Supplier<CompletionStage<Horizon>> catchUp) {
        this(catalog, root, memory, catchUp, ROWS_A_SLICE);
    }

    /** @param rowsASlice about; few in tests */
    DuckDbOfflineStore(
            SegmentCatalog catalog,
            Path root,
            DuckDbMemory memory,
            Supplier<CompletionStage<Horizon>> catchUp,
            long rowsASlice) {
        this.catalog = catalog;
        this.root = root;
        this.memory = memory;
        this.catchUp = catchUp;
        this.rowsASlice = rowsASlice;
    }

    @Override
    public CompletionStage<Horizon> freeze() {
        return catchUp.get();
    }

    @Override
    public Histories histories(String system, String entity, List<String> views, Horizon horizon) {
        List<SegmentRead> reads = SegmentRead.plan(
                catalog.segments(system, entity, views, horizon), root, horizon, KeyRange.ALL, memory.mebibytes());
        try (var database = memoryFor(reads).open()) {
            return new ReadAhead(SegmentStream.merged(database, reads));
        } catch (SQLException | RuntimeException e) {
            throw unreadable(system, entity, e);
        }
    }

    @Override
    public Slices slices(String system, String entity, List<String> views, Horizon horizon) {
        List<Segment> segments = catalog.segments(system, entity, views, horizon);
        if (segments.stream().mapToLong(Segment::rows).sum() < 2 * rowsASlice) {
            return Slices.ofOne(() -> histories(system, entity, views, horizon));
        }
        try {
            return new SegmentSlices(segments, root, horizon, memory, rowsASlice);
        } catch (SQLException e) {
            throw unreadable(system, entity, e);
        }
    }

    private static IllegalStateException unreadable(String system, String entity, Exception cause) {
        return new IllegalStateException(
                "the offline store of " + system + "/" + entity + " cannot be read: " + cause.getMessage(), cause);
    }

    /** Sorting takes all threads; mere reading goes on where its rows are fetched, and the fold has the other cores. */
    private DuckDbMemory memoryFor(List<SegmentRead> reads) {
        boolean sorting = reads.stream().anyMatch(SegmentRead::isSorting);
        return sorting ? memory : new DuckDbMemory(memory.mebibytes(), 1, memory.spill());
    }
}
