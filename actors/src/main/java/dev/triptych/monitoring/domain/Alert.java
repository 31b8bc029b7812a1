package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Optional;

/**
 * Something watched went beyond its threshold.
 *
 * @param id unique
 * @param reading that raised it
 * @param raisedMicros UTC microseconds
 * @param cleared when and with which reading it was over; empty while it is open
 * @param training the run that was started because of it
 * @param notifiedRaised what became of telling the webhook that it was raised; empty until that is known
 * @param notifiedCleared the same of its end
 */
public record Alert(
        String id,
        Reading reading,
        long raisedMicros,
        Optional<Cleared> cleared,
        Optional<Training> training,
        Optional<Notified> notifiedRaised,
        Optional<Notified> notifiedCleared)
        implements CborSerializable {

    /** @param value the number that was fine again; empty where it is no longer watched */
    public record Cleared(long atMicros, Optional<Double> value) implements CborSerializable {}

    public record Training(String runId, long atMicros) implements CborSerializable {}

    /**
     * @param attempts how often it was sent
     * @param failure why nobody took it; empty if somebody did
     */
    public record Notified(long atMicros, int attempts, Optional<String> failure) implements CborSerializable {}

    static Alert raised(AlertEvent.AlertRaised event, Optional<Training> training) {
        return new Alert(
                event.id(),
                event.reading(),
                event.atMicros(),
                Optional.empty(),
                training,
                Optional.empty(),
                Optional.empty());
    }

    public Subject subject() {
        return reading.subject();
    }

    public boolean open() {
        return cleared.isEmpty();
    }

    Alert cleared(Cleared end) {
        return new Alert(id, reading, raisedMicros, Optional.of(end), training, notifiedRaised, notifiedCleared);
    }

    Alert training(Training run) {
        return new Alert(id, reading, raisedMicros, cleared, Optional.of(run), notifiedRaised, notifiedCleared);
    }

    Alert notified(boolean ofItsEnd, Notified told) {
        return ofItsEnd
                ? new Alert(id, reading, raisedMicros, cleared, training, notifiedRaised, Optional.of(told))
                : new Alert(id, reading, raisedMicros, cleared, training, Optional.of(told), notifiedCleared);
    }
}
