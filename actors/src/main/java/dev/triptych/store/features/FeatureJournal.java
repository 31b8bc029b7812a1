package dev.triptych.store.features;

import dev.triptych.kernel.Answers;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.List;
import java.util.Map;
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
        return Answers.byKey(toSequenceNr.keySet(), id -> events(id, toSequenceNr.getOrDefault(id, 0L)));
    }
}
