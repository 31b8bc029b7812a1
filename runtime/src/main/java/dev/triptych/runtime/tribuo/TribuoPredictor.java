package dev.triptych.runtime.tribuo;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import java.util.List;
import java.util.function.Function;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Prediction;

/** Predicts with a Tribuo model; the same row gives the same bits, on any thread. */
final class TribuoPredictor<T extends Output<T>> implements Predictor {

    private final Model<T> model;
    private final InputEncoding encoding;
    private final T unknown;
    private final Function<Prediction<T>, double[]> scores;

    /**
     * @param unknown stands where a training example has its label
     * @param scores of a prediction, in the signature's order
     */
    TribuoPredictor(Model<T> model, InputEncoding encoding, T unknown, Function<Prediction<T>, double[]> scores) {
        this.model = model;
        this.encoding = encoding;
        this.unknown = unknown;
        this.scores = scores;
    }

    @Override
    public double[] predict(List<Value> inputs) {
        return scores.apply(model.predict(encoding.example(inputs, unknown)));
    }
}
