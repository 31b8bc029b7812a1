package dev.triptych.store.features;

import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads entities' own journals again, for past reads and replay. Answers on any thread; milliseconds. */
public interface FeatureJournal {

    /** An event and its place in the entity's journal; sequence numbers start at 1 and have no gaps. */
    record Entry(long sequenceNr, FeatureEvent event) {}

    /** Every event up to and including {@code toSequenceNr}, in order; empty for an entity never written. */
    CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr);

    /**
     * The same of several entities, each up to a sequence number of its own.
     *
     * @return an entry for every entity asked for
     */
    default CompletionStage<Map<EntityId, List<Entry>>> events(Map<EntityId, Long> toSequenceNr) {
        CompletionStage<Map<EntityId, List<Entry>>> all = CompletableFuture.completedStage(new HashMap<>());
        for (var wanted : toSequenceNr.entrySet()) {
            all = all.thenCombine(events(wanted.getKey(), wanted.getValue()), (sofar, entries) -> {
                sofar.put(wanted.getKey(), entries);
                return sofar;
            });
        }
        return all;
    }
}
