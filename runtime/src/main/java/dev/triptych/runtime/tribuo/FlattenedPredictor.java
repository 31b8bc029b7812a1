package dev.triptych.runtime.tribuo;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.UnusableInputException;
import dev.triptych.store.models.domain.EvaluatedBy;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.evaluator.Contributions;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import dev.triptych.store.models.domain.evaluator.Scratch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Predicts with a model's flat form. A row with a number that no float can hold goes through Tribuo, which may refuse
 * it.
 */
final class FlattenedPredictor implements Predictor {

    private final Predictor tribuo;
    private final RowEncoding encoding;
    private final Evaluator evaluator;
    /** By output of the signature: the model's, or −1 for an outcome it never saw. */
    private final int[] outputs;
    /** By column: its input, or −1. */
    private final int[] inputs;

    private final ThreadLocal<Desk> desks;

    private record Desk(double[] row, double[] scores, Scratch scratch) {}

    FlattenedPredictor(Predictor tribuo, RowEncoding encoding, Evaluator evaluator, int[] outputs) {
        if (encoding.columns() != evaluator.columns()) {
            throw new IllegalArgumentException(
                    "columns: " + evaluator.columns() + " (expected: " + encoding.columns() + ")");
        }
        this.tribuo = tribuo;
        this.encoding = encoding;
        this.evaluator = evaluator;
        this.outputs = outputs;
        this.inputs = encoding.inputsOfColumns();
        this.desks = ThreadLocal.withInitial(
                () -> new Desk(new double[evaluator.columns()], new double[evaluator.outputs()], evaluator.scratch()));
    }

    @Override
    public double[] predict(List<Value> row) {
        Desk desk = desks.get();
        if (!encoding.encode(row, desk.row())) {
            return asTribuo(row);
        }
        evaluator.evaluate(desk.row(), 1, desk.scores(), desk.scratch());
        double[] scores = new double[outputs.length];
        for (int output = 0; output < scores.length; output++) {
            scores[output] = outputs[output] < 0 ? 0 : desk.scores()[outputs[output]];
        }
        return scores;
    }

    /** With numbers beyond floats some models predict, and some, as XGBoost, do not. */
    private double[] asTribuo(List<Value> row) {
        try {
            return tribuo.predict(row);
        } catch (RuntimeException refused) {
            throw new UnusableInputException(encoding.beyondFloats(row));
        }
    }

    @Override
    public EvaluatedBy evaluatedBy() {
        return EvaluatedBy.FLATTENED;
    }

    @Override
    public long stepsToExplain() {
        return evaluator.stepsToExplain();
    }

    @Override
    public Optional<Explanation> explain(List<Value> row) {
        double[] numbers = new double[evaluator.columns()];
        if (!encoding.encode(row, numbers)) {
            return Optional.empty();
        }
        Contributions contributions = evaluator.explain(numbers);
        var explained = new ArrayList<Explanation.Output>();
        for (int output : outputs) {
            explained.add(
                    output < 0
                            ? new Explanation.Output(0, Collections.nCopies(row.size(), 0.0))
                            : byInput(contributions, output, row.size()));
        }
        return Optional.of(new Explanation(explained));
    }

    /** An input's columns count together; the one that is always 1 belongs to the base. */
    private Explanation.Output byInput(Contributions contributions, int output, int count) {
        double base = contributions.base(output);
        double[] sums = new double[count];
        for (int column = 0; column < inputs.length; column++) {
            if (inputs[column] < 0) {
                base += contributions.of(column, output);
            } else {
                sums[inputs[column]] += contributions.of(column, output);
            }
        }
        return new Explanation.Output(
                base, java.util.Arrays.stream(sums).boxed().toList());
    }
}
