package dev.triptych.training.domain;

import dev.triptych.definition.domain.Metric;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How well held-out rows were foretold.
 *
 * @param metrics by {@link Metric#label}; one that is not defined for these rows is left out
 * @param confusion counts by actual outcome, then by predicted outcome; empty for regression
 */
public record Evaluation(Map<String, Double> metrics, Map<String, Map<String, Long>> confusion) {
    public Evaluation {
        metrics = Map.copyOf(metrics);
        confusion = Map.copyOf(confusion);
    }

    /**
     * @param rows of the dataset, at least one
     * @param scores for each of the rows one score an output of the signature
     * @param parts for each of the rows a number that it shares with those scored by the same fit
     */
    public static Evaluation of(Signature signature, Dataset dataset, int[] rows, double[][] scores, int[] parts) {
        return of(signature, Arrays.stream(rows).mapToObj(dataset::label).toList(), scores, parts);
    }

    /**
     * @param labels at least one, each an outcome of the signature, or a number
     * @param scores for each of them one score an output of the signature
     * @param parts for each of them a number that it shares with those scored by the same fit
     */
    public static Evaluation of(Signature signature, List<Value> labels, double[][] scores, int[] parts) {
        return switch (signature.task()) {
            case CLASSIFICATION ->
                ClassificationEvaluation.evaluate(
                        signature.outputs(),
                        labels.stream()
                                .mapToInt(label -> signature.outputs().indexOf(Labels.outcome(label)))
                                .toArray(),
                        scores,
                        parts);
            case REGRESSION ->
                RegressionEvaluation.evaluate(
                        labels.stream().mapToDouble(Labels::number).toArray(),
                        Arrays.stream(scores).mapToDouble(score -> score[0]).toArray());
        };
    }
}
