package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads histories on a thread of its own while its user folds the ones before: two cores build a dataset in half the
 * time. Ahead by a bounded number of events.
 */
final class ReadAhead implements Histories {

    private static final int EVENTS_A_BATCH = 2_048;
    private static final int BATCHES_AHEAD_MAX = 4;

    private record Batch(
            List<KeyHistory> histories, @Nullable RuntimeException failure, boolean last) {}

    private final Histories source;
    private final BlockingQueue<Batch> ahead = new ArrayBlockingQueue<>(BATCHES_AHEAD_MAX);
    private final Thread reader;

    private Iterator<KeyHistory> current = Collections.emptyIterator();
    private boolean ended;

    /** @param source read and closed by this alone from now on */
    ReadAhead(Histories source) {
        this.source = source;
        this.reader =
                Thread.ofPlatform().name("offline-store-read-ahead").daemon().start(this::read);
    }

    private void read() {
        try (source) {
            Batch batch;
            do {
                batch = batch();
                ahead.put(batch);
            } while (!batch.last());
        } catch (InterruptedException closed) {
            // Nobody waits for more.
            Thread.currentThread().interrupt();
        }
    }

    private Batch batch() {
        var histories = new ArrayList<KeyHistory>();
        try {
            for (int events = 0; events < EVENTS_A_BATCH && source.hasNext(); ) {
                KeyHistory history = source.next();
                histories.add(history);
                events += 1 + history.events().size();
            }
            return new Batch(histories, null, !source.hasNext());
        } catch (RuntimeException e) {
            return new Batch(histories, e, true);
        }
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && !ended) {
            Batch batch = take();
            current = batch.histories().iterator();
            ended = batch.last();
            if (batch.failure() != null) {
                throw batch.failure();
            }
        }
        return current.hasNext();
    }

    private Batch take() {
        try {
            return ahead.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("reading the offline store was interrupted", e);
        }
    }

    @Override
    public KeyHistory next() {
        if (!hasNext()) {
            throw new NoSuchElementException("every key was read");
        }
        return current.next();
    }

    /** Ends the reading; DuckDB's memory is free again soon after. */
    @Override
    public void close() {
        ended = true;
        current = Collections.emptyIterator();
        reader.interrupt();
    }
}
