package dev.triptych.monitoring;

import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.QualityReport.Point;
import dev.triptych.monitoring.QualityReport.Step;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.domain.Evaluation;
import dev.triptych.training.domain.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recorded answers, and what came of them. For one thread. */
final class JudgedAnswers {

    private final Signature signature;
    private final List<Value> outcomes = new ArrayList<>();
    private final List<double[]> scores = new ArrayList<>();
    private long sampled;

    JudgedAnswers(Signature signature) {
        this.signature = signature;
    }

    void addUnknown() {
        sampled++;
    }

    void add(PredictionRecord record, Value outcome) {
        sampled++;
        if (canScore(outcome)) {
            outcomes.add(outcome);
            scores.add(
                    record.outputs().stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** An outcome that the model has never seen has no score. */
    boolean canScore(Value outcome) {
        return switch (signature.task()) {
            case CLASSIFICATION -> signature.outputs().contains(Labels.outcome(outcome));
            case REGRESSION -> true;
        };
    }

    Step step(long fromMicros, long untilMicros) {
        if (outcomes.isEmpty()) {
            return new Step(fromMicros, untilMicros, sampled, 0, Map.of(), Map.of());
        }
        Evaluation evaluation =
                Evaluation.of(signature, outcomes, scores.toArray(double[][]::new), new int[outcomes.size()]);
        return new Step(
                fromMicros, untilMicros, sampled, outcomes.size(), evaluation.metrics(), evaluation.confusion());
    }

    Point point(PredictionRecord record, Value outcome) {
        String output = signature.output(record.outputs());
        return switch (signature.task()) {
            case REGRESSION ->
                new Point(
                        record.id(),
                        record.predictedMicros(),
                        record.outputs().getFirst(),
                        output,
                        String.valueOf(Labels.number(outcome)));
            case CLASSIFICATION ->
                new Point(
                        record.id(),
                        record.predictedMicros(),
                        signature.outputs().size() == 2
                                ? record.outputs().getLast()
                                : record.outputs().get(signature.outputs().indexOf(output)),
                        output,
                        Labels.outcome(outcome));
        };
    }
}
