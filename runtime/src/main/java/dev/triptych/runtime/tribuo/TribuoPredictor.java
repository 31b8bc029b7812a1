package dev.triptych.runtime.tribuo;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.EvaluatedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Prediction;
import org.tribuo.transform.TransformedModel;

/** Predicts with a Tribuo model; the same row gives the same bits, on any thread. */
final class TribuoPredictor<T extends Output<T>> implements Predictor {

    private final Model<T> model;
    private final InputEncoding encoding;
    private final T unknown;
    private final Function<Prediction<T>, double[]> scores;
    private final String unflattened;

    /**
     * @param unknown stands where a training example has its label
     * @param scores of a prediction, in the signature's order
     */
    TribuoPredictor(Model<T> model, InputEncoding encoding, T unknown, Function<Prediction<T>, double[]> scores) {
        this(model, encoding, unknown, scores, "as asked");
    }

    private TribuoPredictor(
            Model<T> model,
            InputEncoding encoding,
            T unknown,
            Function<Prediction<T>, double[]> scores,
            String unflattened) {
        this.model = model;
        this.encoding = encoding;
        this.unknown = unknown;
        this.scores = scores;
        this.unflattened = unflattened;
    }

    /** The same, telling why the model is not served in its flat form. */
    TribuoPredictor<T> because(String reason) {
        return new TribuoPredictor<>(model, encoding, unknown, scores, reason);
    }

    @Override
    public EvaluatedBy evaluatedBy() {
        return new EvaluatedBy("tribuo", unflattened);
    }

    @Override
    public double[] predict(List<Value> inputs) {
        return scores.apply(model.predict(encoding.example(inputs, unknown)));
    }

    /** The same for many rows at once, which is much faster with XGBoost. */
    List<double[]> predictAll(List<List<Value>> rows) {
        Model<T> innermost = model;
        List<Example<T>> examples = new ArrayList<>();
        rows.forEach(row -> examples.add(encoding.example(row, unknown)));
        while (innermost instanceof TransformedModel<T> transformed) {
            examples.replaceAll(transformed.getTransformerMap()::transformExample);
            innermost = transformed.getInnerModel();
        }
        return innermost.predict(examples).stream().map(scores).toList();
    }
}
