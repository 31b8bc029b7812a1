package dev.triptych.schedule.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Map;
import java.util.Optional;

/**
 * What a pipeline is asked to do once.
 *
 * @param runId unique; the same id again is the same run, so whatever it writes must be idempotent in it
 * @param attempt 1, or more where a node died in the middle
 * @param scheduledMicros the time the run stands for, UTC microseconds: the cadence's instant, or now by hand
 * @param options given by hand for this run, as {@code --set name=value}
 * @param cursor where the pipeline's last completed run left its source; empty at first
 */
public record RunRequest(
        String runId,
        PipelineId pipeline,
        int attempt,
        long scheduledMicros,
        Map<String, String> options,
        Optional<String> cursor)
        implements CborSerializable {
    public RunRequest {
        options = Map.copyOf(options);
    }
}
