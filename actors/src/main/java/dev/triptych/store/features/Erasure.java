package dev.triptych.store.features;

import dev.triptych.store.features.domain.EntityId;

/**
 * An entity whose rows are to be unreadable wherever they are.
 *
 * @param sequenceNr of the erasure in the entity's journal: every event before it is erased
 * @param throughMicros event time up to which its rows are erased, inclusive; UTC microseconds
 */
public record Erasure(EntityId id, long sequenceNr, long throughMicros) {}
