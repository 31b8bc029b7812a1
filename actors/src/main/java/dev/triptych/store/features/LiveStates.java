package dev.triptych.store.features;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import dev.triptych.store.Tenure;
import dev.triptych.store.features.FeatureEntity.Answer;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureState;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the entities that are alive on this node know, for readers on this node: a read costs a look-up instead of three
 * messages. An entity's state is here from its first read on.
 *
 * <p>A reader sees every write that was acknowledged before it looked: an entity puts a new state here before it
 * acknowledges the write, and takes it away before it stops, so before the key can be owned by another. Where a node is
 * suspended or cut off, and so cannot stop it in time, its {@link Tenure} is over before that. Thread-safe.
 */
public final class LiveStates implements Extension {

    private static final ExtensionId<LiveStates> ID = new ExtensionId<>() {
        @Override
        public LiveStates createExtension(ActorSystem<?> system) {
            return new LiveStates(Tenure.get(system));
        }
    };

    private record Live(FeatureState state, long sequenceNr) {}

    /** By persistence id. */
    private final Map<String, Live> states = new ConcurrentHashMap<>();

    private final Tenure tenure;

    private LiveStates(Tenure tenure) {
        this.tenure = tenure;
    }

    /** One for each actor system. */
    public static LiveStates get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /**
     * Features as of an instant; empty where the entity has to be asked.
     *
     * @param asOfMicros empty for now
     */
    public Optional<Answer> read(EntityId id, List<FeatureRead> reads, Optional<Long> asOfMicros, Clock clock) {
        Live live = states.get(FeatureEntity.persistenceId(id).id());
        return live == null || !tenure.holds()
                ? Optional.empty()
                : FeatureEntity.answer(live.state(), live.sequenceNr(), reads, asOfMicros, clock);
    }

    /** How many are here. */
    public int size() {
        return states.size();
    }

    /** @param sequenceNr of the last event in the state */
    void show(String persistenceId, FeatureState state, long sequenceNr) {
        states.put(persistenceId, new Live(state, sequenceNr));
    }

    void hide(String persistenceId) {
        states.remove(persistenceId);
    }
}
