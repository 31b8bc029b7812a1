package dev.triptych.audit;

import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A journal for one replay of many predictions: a key that was predicted often has its history read once, for as long as
 * it is among those asked for last. What is erased meanwhile may still be replayed. Thread-safe.
 */
final class ReadOnce implements FeatureJournal {

    private final FeatureJournal journal;
    private final int eventsMax;

    /** From the first event on; guarded by this, as is their number. */
    private final LinkedHashMap<EntityId, List<Entry>> histories = new LinkedHashMap<>(16, 0.75f, true);

    private int events;

    /** @param eventsMax kept, of all entities together; some hundred bytes each */
    ReadOnce(FeatureJournal journal, int eventsMax) {
        this.journal = journal;
        this.eventsMax = eventsMax;
    }

    @Override
    public CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr) {
        return events(Map.of(id, toSequenceNr)).thenApply(all -> all.getOrDefault(id, List.of()));
    }

    @Override
    public CompletionStage<Map<EntityId, List<Entry>>> events(Map<EntityId, Long> toSequenceNr) {
        var found = new HashMap<EntityId, List<Entry>>();
        var missing = new HashMap<EntityId, Long>();
        synchronized (this) {
            toSequenceNr.forEach((id, last) -> {
                List<Entry> history = histories.getOrDefault(id, List.of());
                // Sequence numbers start at 1 and have no gaps.
                if (history.size() >= last) {
                    found.put(id, history.subList(0, last.intValue()));
                } else {
                    missing.put(id, last);
                }
            });
        }
        if (missing.isEmpty()) {
            return CompletableFuture.completedStage(found);
        }
        return journal.events(missing).thenApply(read -> {
            keep(read);
            found.putAll(read);
            return found;
        });
    }

    private synchronized void keep(Map<EntityId, List<Entry>> read) {
        read.forEach((id, history) -> {
            List<Entry> shorter = histories.put(id, history);
            events += history.size() - (shorter == null ? 0 : shorter.size());
        });
        Iterator<List<Entry>> eldest = histories.values().iterator();
        while (events > eventsMax) {
            events -= eldest.next().size();
            eldest.remove();
        }
    }
}
