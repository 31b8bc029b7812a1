package dev.triptych.monitoring;

import dev.triptych.store.models.domain.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good the answers of a deployment were, where outcomes have arrived.
 *
 * @param version the one asked for, or the one that answered most; 0 where nothing answered
 * @param signature of that version; answers of versions with other outputs are left aside
 * @param predictions there are
 * @param sampled of them that were looked at
 * @param whole over the entire time
 * @param steps one a step in which something was predicted, by time
 * @param points the last answers whose outcome is known, by time
 */
public record QualityReport(
        int version,
        Optional<Signature> signature,
        boolean batch,
        long fromMicros,
        long untilMicros,
        long stepMicros,
        long predictions,
        long sampled,
        Step whole,
        List<Step> steps,
        List<Point> points) {
    public QualityReport {
        steps = List.copyOf(steps);
        points = List.copyOf(points);
    }

    /**
     * @param sampled predictions looked at
     * @param outcomes of these that are known
     * @param metrics over them; empty where there are none
     * @param confusion counts by actual, then by predicted outcome; empty for a regression
     */
    public record Step(
            long fromMicros,
            long untilMicros,
            long sampled,
            long outcomes,
            Map<String, Double> metrics,
            Map<String, Map<String, Long>> confusion) {
        public Step {
            metrics = Map.copyOf(metrics);
            confusion = Map.copyOf(confusion);
        }
    }

    /**
     * @param predicted of two outcomes the probability of the last, of more that of the predicted one, of a regression
     *     the number
     * @param output what was predicted
     * @param outcome what came
     */
    public record Point(String id, long predictedMicros, double predicted, String output, String outcome) {}
}
