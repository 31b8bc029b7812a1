package dev.triptych.store.features.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Objects;
import java.util.Optional;

/**
 * A value as read: with its status, and the event time of the row it came from.
 *
 * @param value {@link Value.Null} unless the status is {@link Status#PRESENT} or {@link Status#OUTSIDE_MAX_AGE}
 * @param eventMicros empty where no row was found
 */
public record FeatureValue(Value value, Status status, Optional<Long> eventMicros) implements CborSerializable {
    public FeatureValue {
        // On the wire a missing value is a bare null.
        value = Objects.requireNonNullElse(value, Value.Null.NULL);
    }

    public enum Status {
        PRESENT,
        /** The row holds a null. */
        NULL_VALUE,
        /** No row of the view is visible at that time. */
        NOT_FOUND,
        /** The newest visible row is older than the time to live allows; its value is shown all the same. */
        OUTSIDE_MAX_AGE,
        /** No row of the view is visible at that time, and the key was erased: there may have been one. */
        ERASED
    }
}
