package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.GoldenEvents;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once is read for ever. */
class StoredAlertEventsTest {

    private static final GoldenEvents GOLDEN = new GoldenEvents();
    private static final long NOW = 1_780_315_200_000_000L;
    private static final String ID = "titanic/drift/survival/profile.age/2026-06-01T12:00:00Z";

    private static final AlertEvent.AlertRaised RAISED = new AlertEvent.AlertRaised(
            ID,
            new Reading(
                    new Subject("titanic", AlertKind.DRIFT, "survival", "profile.age"),
                    Reading.State.EXCEEDED,
                    0.5,
                    0.25,
                    150,
                    NOW - 86_400_000_000L,
                    NOW,
                    3),
            NOW);

    private static final AlertEvent.AlertCleared CLEARED = new AlertEvent.AlertCleared(ID, Optional.of(0.125), NOW + 9);
    private static final AlertEvent.AlertNotified NOTIFIED =
            new AlertEvent.AlertNotified(ID, false, 5, Optional.of("status 503 (expected: 2xx)"), NOW + 3);
    private static final AlertEvent.TrainingStarted TRAINING =
            new AlertEvent.TrainingStarted(ID, "titanic.drift.survival.2026-06-01T12:00:00Z", NOW + 1);

    @AfterAll
    static void stop() {
        GOLDEN.close();
    }

    static Stream<Arguments> stored() {
        return Stream.of(
                Arguments.of("alert-raised-1", RAISED),
                Arguments.of("alert-cleared-1", CLEARED),
                Arguments.of("alert-notified-1", NOTIFIED),
                Arguments.of("alert-training-started-1", TRAINING),
                Arguments.of(
                        "alerts-state-1",
                        Alerts.EMPTY
                                .apply(RAISED)
                                .apply(TRAINING)
                                .apply(NOTIFIED)
                                .apply(CLEARED)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stored")
    void readsWhatWasStored(String name, CborSerializable event) {
        GOLDEN.assertReads(name, event);
    }
}
