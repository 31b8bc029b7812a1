package dev.triptych.store.models;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.EvaluatedBy;
import dev.triptych.store.models.domain.Explanation;
import java.util.List;
import java.util.Optional;

/** A loaded model version. Thread-safe; micro- to milliseconds a row; the same row gives the same bits for ever. */
public interface Predictor {

    /**
     * @param inputs one value an input of the signature, in its order; {@link Value.Null} is missing
     * @throws UnusableInputException if the model cannot take a value, although it is of its input's type
     * @return one score an output of the signature, in its order: probabilities summing to 1, or the one number
     */
    double[] predict(List<Value> inputs);

    /** What computes the predictions. */
    default EvaluatedBy evaluatedBy() {
        return new EvaluatedBy("library", "it has no flat form");
    }

    /** What each input added to the row's prediction; empty where that cannot be told. */
    default Optional<Explanation> explain(List<Value> inputs) {
        return Optional.empty();
    }

    /** Roughly how many steps of a few nanoseconds {@link #explain} takes; 0 where it tells nothing. */
    default long stepsToExplain() {
        return 0;
    }
}
