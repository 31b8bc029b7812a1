package dev.triptych.audit;

import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Retention;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What some entities were after any of their events, by the one fold. For one thread. */
public final class PastStates {

    /** An entity after so many of its events. */
    record Folded(FeatureState state, int events) {
        static final Folded NOTHING = new Folded(FeatureState.empty(Retention.all()), 0);
    }

    private final Map<EntityId, List<FeatureJournal.Entry>> entries;

    /** How far each entity is folded: predictions mostly come in the order of their events. */
    private final KeptEntities<Folded> folded;

    private final Map<EntityId, FeatureState> latest = new HashMap<>();

    /** @param entries of each entity from its first event on */
    public PastStates(Map<EntityId, List<FeatureJournal.Entry>> entries) {
        this(entries, foldedMax(Integer.MAX_VALUE));
    }

    /** @param folded what others folded before of the same journal, who may go on doing so meanwhile */
    PastStates(Map<EntityId, List<FeatureJournal.Entry>> entries, KeptEntities<Folded> folded) {
        this.entries = entries;
        this.folded = folded;
    }

    static KeptEntities<Folded> foldedMax(int eventsMax) {
        return new KeptEntities<>(eventsMax, Folded::events);
    }

    /** Whose features a version with this signature reads for the record; empty for a prediction from raw features. */
    public static Optional<EntityId> entity(PredictionRecord record, Signature signature) {
        return record.key().map(key -> new EntityId(record.system(), signature.entity(), key));
    }

    /** Whether the features that a version with this signature read for the record were erased since. */
    public boolean isErased(PredictionRecord record, Signature signature) {
        return entity(record, signature)
                .map(entity -> entries.getOrDefault(entity, List.of()))
                // An erasure takes all rows before it, so the last event tells of all.
                .filter(events -> record.sequenceNr() > 0 && record.sequenceNr() <= events.size())
                .map(events -> events.get((int) record.sequenceNr() - 1).event())
                .filter(last -> last instanceof FeatureEvent.RowsWritten written && written.wasErased())
                .isPresent();
    }

    /**
     * What a version with this signature reads for the record, from the features as they were; empty for a prediction
     * from raw features.
     *
     * @throws IllegalStateException if the journal does not reach so far
     */
    public Optional<List<Value>> inputs(PredictionRecord record, Signature signature) {
        return features(record, signature)
                .map(features -> features.stream().map(FeatureValue::value).toList());
    }

    /** As {@link #inputs}, with how each was found. */
    Optional<List<FeatureValue>> features(PredictionRecord record, Signature signature) {
        return entity(record, signature)
                .map(entity -> at(entity, record.sequenceNr())
                        .read(signature.inputs(), record.asOfMicros())
                        .values());
    }

    /** The first of an entity's labels at or after the instant it was predicted at. */
    public Optional<FeatureRow> outcome(EntityId entity, FeatureRead label, PredictionRecord record) {
        return latest(entity).labels(label).stream()
                .filter(row -> row.eventMicros() >= record.asOfMicros())
                .filter(row -> row.values().getFirst() != Value.Null.NULL)
                .findFirst();
    }

    /** After everything that is there. */
    FeatureState latest(EntityId entity) {
        return latest.computeIfAbsent(
                entity,
                id -> FeatureState.ofAll(entries.getOrDefault(id, List.of()).stream()
                        .map(FeatureJournal.Entry::event)
                        .toList()));
    }

    /** @throws IllegalStateException if the journal does not reach so far */
    private FeatureState at(EntityId entity, long sequenceNr) {
        List<FeatureJournal.Entry> events = entries.getOrDefault(entity, List.of());
        // Sequence numbers start at 1 and have no gaps.
        if (events.size() < sequenceNr) {
            throw new IllegalStateException("the journal of " + entity.path() + " holds " + events.size()
                    + " events (expected: the " + sequenceNr + " that the prediction was computed from)");
        }
        Folded sofar = folded.get(entity)
                .filter(earlier -> earlier.events() <= sequenceNr)
                .orElse(Folded.NOTHING);
        if (sofar.events() == sequenceNr) {
            return sofar.state();
        }
        FeatureState state = sofar.state();
        for (FeatureJournal.Entry entry : events.subList(sofar.events(), (int) sequenceNr)) {
            state = state.apply(entry.event());
        }
        folded.put(entity, new Folded(state, (int) sequenceNr));
        return state;
    }
}
