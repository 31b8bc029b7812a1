package dev.triptych.store.features;

import akka.actor.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import dev.triptych.store.features.domain.FeatureState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What entities knew when their actors were let go of. An actor is six times as large as the state it holds, so a node
 * keeps the states of many more keys than it has actors; asked for again, an entity starts from here and asks no
 * database.
 *
 * <p>A state is as good as the journal for as long as the same incarnation of the same shard owns the key: nobody else
 * may have written meanwhile. What another incarnation left is dropped. Thread-safe.
 */
public final class ResidentStates implements Extension {

    /** Some 600 MiB of keys with one row of ten numbers. */
    private static final int STATES_MAX = 1_000_000;

    private static final ExtensionId<ResidentStates> ID = new ExtensionId<>() {
        @Override
        public ResidentStates createExtension(ActorSystem<?> system) {
            return new ResidentStates(STATES_MAX);
        }
    };

    /**
     * @param shard the incarnation that owned the key
     * @param sequenceNr of the last event in the state
     */
    public record Resident(ActorRef shard, long sequenceNr, FeatureState state) {}

    private final int statesMax;

    /** By persistence id, in the order they were let go of; guarded by itself. */
    private final LinkedHashMap<String, Resident> states = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Resident> eldest) {
            return size() > statesMax;
        }
    };

    /** @param statesMax beyond it the one let go of first is forgotten */
    ResidentStates(int statesMax) {
        this.statesMax = statesMax;
    }

    public static ResidentStates get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Called when nothing is being written, as the actor's last act. */
    void keep(String persistenceId, Resident resident) {
        synchronized (states) {
            states.put(persistenceId, resident);
        }
    }

    /** Called before an entity recovers: drops what was not left by this shard. */
    void startIn(ActorRef shard, String persistenceId) {
        synchronized (states) {
            Resident left = states.get(persistenceId);
            if (left != null && !left.shard().equals(shard)) {
                states.remove(persistenceId);
            }
        }
    }

    /** What an entity that is starting may start from. */
    public Optional<Resident> of(String persistenceId) {
        synchronized (states) {
            return Optional.ofNullable(states.get(persistenceId));
        }
    }

    /** Called once the actor knows it all itself. */
    void forget(String persistenceId) {
        synchronized (states) {
            states.remove(persistenceId);
        }
    }

    public int size() {
        synchronized (states) {
            return states.size();
        }
    }
}
