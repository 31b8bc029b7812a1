package dev.triptych.schedule.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Optional;

/**
 * One run of a pipeline, finished or not.
 *
 * @param trigger {@code cadence}, {@code catch-up} or {@code manual}
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
        implements CborSerializable {}
