package dev.triptych.definition.domain;

import java.time.Duration;

/** When a pipeline runs by itself. It can always be run by hand as well. */
public sealed interface Cadence {

    /** As definitions write it; equal for equal cadences. */
    default String text() {
        return switch (this) {
            case Manual manual -> "manual";
            case Every(var interval) -> "every " + interval.toSeconds() + "s";
            case Cron(var expression) -> expression;
        };
    }

    /** Only by hand. Written {@code manual}. */
    record Manual() implements Cadence {}

    /** Written {@code every 10s}; whole seconds, at least one. */
    record Every(Duration interval) implements Cadence {}

    /** A five-field Unix cron expression, in UTC. */
    record Cron(String expression) implements Cadence {}
}
