package dev.triptych.store.models;

import dev.triptych.store.features.domain.Value;
import java.util.List;

/** A loaded model version. Thread-safe; micro- to milliseconds a row; the same row gives the same bits for ever. */
public interface Predictor {

    /**
     * @param inputs one value an input of the signature, in its order; {@link Value.Null} is missing
     * @return one score an output of the signature, in its order: probabilities summing to 1, or the one number
     */
    double[] predict(List<Value> inputs);
}
