package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Optional;

/** What can happen to alerts. */
public sealed interface AlertEvent extends CborSerializable {

    String id();

    /** @param atMicros UTC microseconds */
    record AlertRaised(String id, Reading reading, long atMicros) implements AlertEvent {}

    /** @param value the number that was fine again; empty where it is no longer watched */
    record AlertCleared(String id, Optional<Double> value, long atMicros) implements AlertEvent {}

    /**
     * The webhook took it, or did not for good.
     *
     * @param ofItsEnd whether that the alert was cleared was told; otherwise that it was raised
     * @param attempts how often it was sent
     * @param failure why nobody took it; empty if somebody did
     */
    record AlertNotified(String id, boolean ofItsEnd, int attempts, Optional<String> failure, long atMicros)
            implements AlertEvent {}

    /** A training run was started because of a drift. It stands for every drift of the deployment that is open. */
    record TrainingStarted(String id, String runId, long atMicros) implements AlertEvent {}
}
