package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;

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
        List<SegmentRead> reads = SegmentRead.plan(segments, root, horizon, memory.mebibytes());
        List<SegmentStream> streams = List.of();
        try (var database = memoryFor(reads).open()) {
            streams = open(database, reads);
            return new ReadAhead(new MergedHistories(streams));
        } catch (SQLException | RuntimeException e) {
            streams.forEach(SegmentStream::close);
            throw new IllegalStateException(
                    "the offline store of " + system + "/" + entity + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Sorting takes all threads; mere reading goes on where its rows are fetched, and the fold has the other cores. */
    private DuckDbMemory memoryFor(List<SegmentRead> reads) {
        boolean sorting = reads.stream().anyMatch(SegmentRead::isSorting);
        return sorting ? memory : new DuckDbMemory(memory.mebibytes(), 1, memory.spill());
    }

    /** All at once, as each reads its first rows before it answers. */
    private static List<SegmentStream> open(DuckDBConnection database, List<SegmentRead> reads) {
        List<CompletableFuture<SegmentStream>> opening = reads.stream()
                .map(read -> CompletableFuture.supplyAsync(() -> SegmentStream.open(database, read)))
                .toList();
        try {
            CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            opening.stream()
                    .filter(stream -> !stream.isCompletedExceptionally())
                    .forEach(stream -> stream.join().close());
            throw failed;
        }
        return opening.stream().map(CompletableFuture::join).toList();
    }
}
