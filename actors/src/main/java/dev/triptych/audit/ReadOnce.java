package dev.triptych.audit;

import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import java.util.HashMap;
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

    /** From the first event on. */
    private final KeptEntities<List<Entry>> histories;

    /** @param eventsMax kept, of all entities together; some hundred bytes each */
    ReadOnce(FeatureJournal journal, int eventsMax) {
        this.journal = journal;
        this.histories = new KeptEntities<>(eventsMax, List::size);
    }

    @Override
    public CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr) {
        return events(Map.of(id, toSequenceNr)).thenApply(all -> all.getOrDefault(id, List.of()));
    }

    @Override
    public CompletionStage<Map<EntityId, List<Entry>>> events(Map<EntityId, Long> toSequenceNr) {
        var found = new HashMap<EntityId, List<Entry>>();
        var missing = new HashMap<EntityId, Long>();
        toSequenceNr.forEach((id, last) -> {
            List<Entry> history = histories.get(id).orElse(List.of());
            // Sequence numbers start at 1 and have no gaps.
            if (history.size() >= last) {
                found.put(id, history.subList(0, last.intValue()));
            } else {
                missing.put(id, last);
            }
        });
        if (missing.isEmpty()) {
            return CompletableFuture.completedStage(found);
        }
        return journal.events(missing).thenApply(read -> {
            read.forEach(histories::put);
            found.putAll(read);
            return found;
        });
    }
}
