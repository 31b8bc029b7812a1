package dev.triptych.audit;

import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.Retention;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What some entities were after any of their events, by the one fold. For one thread. */
final class PastStates {

    private record Folded(FeatureState state, int events) {}

    private final Map<EntityId, List<FeatureJournal.Entry>> entries;

    /** How far each entity is folded: predictions mostly come in the order of their events. */
    private final Map<EntityId, Folded> folded = new HashMap<>();

    /** @param entries of each entity from its first event on */
    PastStates(Map<EntityId, List<FeatureJournal.Entry>> entries) {
        this.entries = entries;
    }

    /** @throws IllegalStateException if the journal does not reach so far */
    FeatureState at(EntityId entity, long sequenceNr) {
        List<FeatureJournal.Entry> events = entries.getOrDefault(entity, List.of());
        // Sequence numbers start at 1 and have no gaps.
        if (events.size() < sequenceNr) {
            throw new IllegalStateException("the journal of " + entity.path() + " holds " + events.size()
                    + " events (expected: the " + sequenceNr + " that the prediction was computed from)");
        }
        Folded sofar = folded.get(entity);
        if (sofar == null || sofar.events() > sequenceNr) {
            sofar = new Folded(FeatureState.empty(Retention.all()), 0);
        }
        FeatureState state = sofar.state();
        for (FeatureJournal.Entry entry : events.subList(sofar.events(), (int) sequenceNr)) {
            state = state.apply(entry.event());
        }
        folded.put(entity, new Folded(state, (int) sequenceNr));
        return state;
    }
}
