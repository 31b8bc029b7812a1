package dev.triptych.audit;

import dev.triptych.audit.domain.Differences;
import dev.triptych.audit.domain.Spread;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.domain.Evaluation;
import dev.triptych.training.domain.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Recorded answers beside those of another version.
 *
 * @param compared predictions
 * @param erased predictions left out, as the features they were computed from were erased
 * @param changed answers that would be others, see {@link Differences}
 * @param meanDifference of the scores
 * @param spread of the differences
 * @param outcomes how many of the predictions have an outcome
 * @param recorded metrics of the recorded answers over these; empty where there are no outcomes
 * @param other metrics of the other version's answers over the same
 */
public record Comparison(
        long compared,
        long erased,
        long changed,
        double meanDifference,
        double maxDifference,
        List<Spread.Bin> spread,
        long outcomes,
        Map<String, Double> recorded,
        Map<String, Double> other) {

    static Comparison of(Differences differences, Judged judged) {
        return new Comparison(
                differences.compared(),
                differences.erased(),
                differences.changed(),
                differences.mean(),
                differences.max(),
                differences.spread(),
                judged.outcomes.size(),
                judged.metrics(judged.recorded),
                judged.metrics(judged.other));
    }

    /** Answers whose outcome is known: some dozen bytes each. */
    static final class Judged {
        private final Signature signature;
        private final List<Value> outcomes = new ArrayList<>();
        private final List<double[]> recorded = new ArrayList<>();
        private final List<double[]> other = new ArrayList<>();

        Judged(Signature signature) {
            this.signature = signature;
        }

        /** An outcome that the model has never seen cannot be scored, and is left out. */
        void add(Value outcome, List<Double> recorded, List<Double> other) {
            boolean known = switch (signature.task()) {
                case CLASSIFICATION -> signature.outputs().contains(Labels.outcome(outcome));
                case REGRESSION -> true;
            };
            if (known) {
                outcomes.add(outcome);
                this.recorded.add(scores(recorded));
                this.other.add(scores(other));
            }
        }

        private static double[] scores(List<Double> outputs) {
            return outputs.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private Map<String, Double> metrics(List<double[]> answers) {
            return outcomes.isEmpty()
                    ? Map.of()
                    : Evaluation.of(signature, outcomes, answers.toArray(double[][]::new), new int[outcomes.size()])
                            .metrics();
        }
    }
}
