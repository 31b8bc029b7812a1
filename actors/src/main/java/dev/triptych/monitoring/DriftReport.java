package dev.triptych.monitoring;

import dev.triptych.monitoring.domain.Drift;
import java.util.List;
import java.util.Optional;

/**
 * How far the predictions of a window are from what their version learnt from.
 *
 * @param version the one compared with: the one asked for, or the one that answered most; 0 where nothing answered
 * @param batch whether the predictions are those of batch runs, as no caller asked for any
 * @param predictions there are of the version in the window
 * @param sampled of them that were looked at
 * @param drifts one an input in the signature's order, and the output; none where there is nothing to compare
 * @param problem why there is nothing to compare
 */
public record DriftReport(
        int version,
        boolean batch,
        long fromMicros,
        long untilMicros,
        long predictions,
        long sampled,
        List<Drift> drifts,
        Optional<String> problem) {
    public DriftReport {
        drifts = List.copyOf(drifts);
    }
}
