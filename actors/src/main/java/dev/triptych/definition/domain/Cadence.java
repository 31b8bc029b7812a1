package dev.triptych.definition.domain;

import java.time.Duration;

/** When a pipeline runs by itself. It can always be run by hand as well. */
public sealed interface Cadence {

    /** Only by hand. Written {@code manual}. */
    record Manual() implements Cadence {}

    /** Written {@code every 10s}; at least a second. */
    record Every(Duration interval) implements Cadence {}

    /** A five-field Unix cron expression, in UTC. */
    record Cron(String expression) implements Cadence {}
}
