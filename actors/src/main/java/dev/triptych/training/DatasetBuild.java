package dev.triptych.training;

import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import dev.triptych.store.features.OfflineStore.Slices;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetAssembly;
import dev.triptych.training.domain.DatasetRow;
import dev.triptych.training.domain.DatasetSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Builds a dataset slice by slice, several at once, and puts their rows one after the other: the same rows in the same
 * order, and so the same hash, as if all keys were read in one go. Beside the dataset itself, memory holds the rows of the
 * few slices that wait for their turn.
 */
public final class DatasetBuild {

    private static final int KEYS_A_PROGRESS = 10_000;

    private final DatasetSchema schema;
    private final Slices slices;
    private final LongConsumer progress;
    private final AtomicLong keys = new AtomicLong();

    /**
     * @param slices closed by {@link #run}
     * @param progress told how many keys are done, on any thread, by and by; what it throws ends the building
     */
    public DatasetBuild(DatasetSchema schema, Slices slices, LongConsumer progress) {
        this.schema = schema;
        this.slices = slices;
        this.progress = progress;
    }

    private record Part(List<DatasetRow> rows, long rowsWithoutLabel) {}

    /**
     * Blocks the calling thread; to be called once.
     *
     * @throws dev.triptych.training.domain.UnusableDatasetException where there are more rows than memory is meant to hold
     */
    public Dataset run() {
        var threads = Executors.newFixedThreadPool(
                slices.atOnce(),
                Thread.ofPlatform().name("dataset-slice-", 0).daemon().factory());
        try (slices) {
            return collect(threads);
        } finally {
            threads.shutdownNow();
        }
    }

    private Dataset collect(ExecutorService threads) {
        var rows = new DatasetAssembly.Collector(schema);
        long rowsWithoutLabel = 0;
        Queue<Future<Part>> underWay = new ArrayDeque<>();
        for (int begun = 0, taken = 0; taken < slices.count(); taken++) {
            // One more than is worked on, so that no thread waits for this one.
            for (; begun < slices.count() && underWay.size() <= slices.atOnce(); begun++) {
                int slice = begun;
                underWay.add(threads.submit(() -> assemble(slice)));
            }
            Part part = result(underWay.remove());
            part.rows().forEach(rows);
            rowsWithoutLabel += part.rowsWithoutLabel();
        }
        return rows.dataset(rowsWithoutLabel);
    }

    private Part assemble(int slice) {
        var assembly = new DatasetAssembly(schema);
        var rows = new ArrayList<DatasetRow>();
        try (Histories histories = slices.open(slice)) {
            // A slice that alone is too much is for the collector to refuse.
            while (histories.hasNext()
                    && rows.size() <= DatasetAssembly.Collector.ROWS_MAX
                    && !Thread.currentThread().isInterrupted()) {
                KeyHistory history = histories.next();
                assembly.assemble(history.key(), history.events(), rows::add);
                long done = keys.getAndIncrement();
                if (done % KEYS_A_PROGRESS == 0) {
                    progress.accept(done + 1);
                }
            }
        }
        return new Part(rows, assembly.rowsWithoutLabel());
    }

    private static Part result(Future<Part> part) {
        try {
            return part.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("building the dataset was interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
    }
}
