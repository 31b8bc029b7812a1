package dev.triptych.audit;

import dev.triptych.store.features.domain.EntityId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Something about each of the entities that were asked for last, for as many as hold so many events. Thread-safe. */
final class KeptEntities<V> {

    private final int eventsMax;
    private final ToIntFunction<V> eventsOf;

    /** Guarded by this, as is the number of all events in it. */
    private final LinkedHashMap<EntityId, V> kept = new LinkedHashMap<>(16, 0.75f, true);

    private int events;

    /**
     * @param eventsMax of all entities together; some hundred bytes each
     * @param eventsOf how many events something is made of
     */
    KeptEntities(int eventsMax, ToIntFunction<V> eventsOf) {
        this.eventsMax = eventsMax;
        this.eventsOf = eventsOf;
    }

    synchronized Optional<V> get(EntityId id) {
        return Optional.ofNullable(kept.get(id));
    }

    synchronized void put(EntityId id, V value) {
        V former = kept.put(id, value);
        events += eventsOf.applyAsInt(value) - (former == null ? 0 : eventsOf.applyAsInt(former));
        Iterator<V> eldest = kept.values().iterator();
        while (events > eventsMax) {
            events -= eventsOf.applyAsInt(eldest.next());
            eldest.remove();
        }
    }
}
