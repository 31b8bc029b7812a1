package dev.triptych.store.features;

import dev.triptych.kernel.CborSerializable;

/**
 * A point in the journal's commit order: every event at or before it is known for good, and nothing will ever appear
 * before it again.
 *
 * @param transaction PostgreSQL's transaction id (xid8) of the last event included
 * @param ordering the journal's ordering number of that event
 */
public record Horizon(long transaction, long ordering) implements CborSerializable, Comparable<Horizon> {

    public static final Horizon START = new Horizon(0, 0);

    @Override
    public int compareTo(Horizon other) {
        int byTransaction = Long.compare(transaction, other.transaction);
        return byTransaction != 0 ? byTransaction : Long.compare(ordering, other.ordering);
    }
}
