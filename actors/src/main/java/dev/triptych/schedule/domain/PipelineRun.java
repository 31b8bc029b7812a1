package dev.triptych.schedule.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Optional;

/**
 * One run of a pipeline, finished or not.
 *
 * @param trigger {@link #CADENCE}, {@link #CATCH_UP} or {@link #MANUAL}
 * @param startedMicros of the first attempt, UTC microseconds
 * @param endedMicros empty while it runs
 * @param progress the last heard; not journaled
 * @param outcome empty while it runs
 */
public record PipelineRun(
        String runId,
        PipelineId pipeline,
        String trigger,
        int attempt,
        long scheduledMicros,
        long startedMicros,
        Optional<Long> endedMicros,
        Optional<RunProgress> progress,
        Optional<RunOutcome> outcome)
        implements CborSerializable {

    /** Its instant had come. */
    public static final String CADENCE = "cadence";

    /** One or more instants had gone by, while a run took long or no node was up. */
    public static final String CATCH_UP = "catch-up";

    /** Somebody asked for it. */
    public static final String MANUAL = "manual";
}
