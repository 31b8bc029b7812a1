package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;

/**
 * A number that was read of something watched.
 *
 * @param state what it means
 * @param value PSI, metric, or seconds
 * @param threshold that it is compared with, in the same unit
 * @param rows that it was read over
 * @param fromMicros start of the window, UTC microseconds
 * @param untilMicros its end
 * @param version of the model; 0 where none plays a part
 */
public record Reading(
        Subject subject,
        State state,
        double value,
        double threshold,
        long rows,
        long fromMicros,
        long untilMicros,
        int version)
        implements CborSerializable {

    public enum State {
        FINE,
        /** Neither good enough to clear an alert nor bad enough to raise one, or over too few rows to tell. */
        UNDECIDED,
        EXCEEDED
    }
}
