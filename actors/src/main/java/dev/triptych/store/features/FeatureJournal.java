package dev.triptych.store.features;

import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads one entity's own journal again, for past reads and replay. Answers on any thread; milliseconds. */
public interface FeatureJournal {

    /** An event and its place in the entity's journal; sequence numbers start at 1 and have no gaps. */
    record Entry(long sequenceNr, FeatureEvent event) {}

    /** Every event up to and including {@code toSequenceNr}, in order; empty for an entity never written. */
    CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr);
}
