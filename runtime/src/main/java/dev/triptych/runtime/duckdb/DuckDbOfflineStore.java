package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Feature rows out of the segments, as they are sorted. */
public final class DuckDbOfflineStore implements OfflineStore {

    private final SegmentCatalog catalog;
    private final Path root;
    private final DuckDbMemory memory;
    private final Supplier<CompletionStage<Horizon>> catchUp;

    /**
     * @param root the offline store's folder
     * @param memory of each read
     * @param catchUp answers once everything committed before its call is projected
     */
    public DuckDbOfflineStore(
            SegmentCatalog catalog, Path root, DuckDbMemory memory, Supplier<CompletionStage<Horizon>> catchUp) {
        this.catalog = catalog;
        this.root = root;
        this.memory = memory;
        this.catchUp = catchUp;
    }

    @Override
    public CompletionStage<Horizon> freeze() {
        return catchUp.get();
    }

    @Override
    public Histories histories(String system, String entity, List<String> views, Horizon horizon) {
        List<Segment> segments = catalog.segments(system, entity, views, horizon);
        var streams = new ArrayList<SegmentStream>();
        try (var database = memory.open()) {
            for (SegmentRead read : SegmentRead.plan(segments, root, horizon, memory.mebibytes())) {
                streams.add(new SegmentStream(database.duplicate(), read));
            }
            return new ReadAhead(new MergedHistories(streams));
        } catch (SQLException | RuntimeException e) {
            streams.forEach(SegmentStream::close);
            throw new IllegalStateException(
                    "the offline store of " + system + "/" + entity + " cannot be read: " + e.getMessage(), e);
        }
    }
}
