package dev.triptych.store.models;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Explanation;
import java.util.List;
import java.util.Optional;

/** A loaded model version. Thread-safe; micro- to milliseconds a row; the same row gives the same bits for ever. */
public interface Predictor {

    /** What computes a version's predictions. */
    enum EvaluatedBy {
        /** The flat form of the model, checked at load against the library's own predictions. */
        FLATTENED,
        /** The library that trained it. */
        LIBRARY
    }

    /**
     * @param inputs one value an input of the signature, in its order; {@link Value.Null} is missing
     * @return one score an output of the signature, in its order: probabilities summing to 1, or the one number
     */
    double[] predict(List<Value> inputs);

    default EvaluatedBy evaluatedBy() {
        return EvaluatedBy.LIBRARY;
    }

    /** What each input added to the row's prediction; empty where that cannot be told. */
    default Optional<Explanation> explain(List<Value> inputs) {
        return Optional.empty();
    }
}
