package dev.triptych.runtime.tribuo;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import dev.triptych.store.models.domain.evaluator.TreeEvaluator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.tribuo.Model;
import org.tribuo.VariableInfo;

/**
 * Compares a flat form with Tribuo's own predictions, to the bit, on rows made to find a difference: numbers exactly at
 * the model's thresholds and next to them, missing values, zeros of both signs, extremes, and texts known and unknown.
 */
final class EvaluatorCheck {

    private static final int ROWS = 1_000;
    private static final long SEED = 1;
    private static final double[] EXTREMES = {
        0.0, -0.0, 1, -1, 1e-30, -1e-30, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 1e6, -1e6
    };

    private final Signature signature;
    /** By input: numbers that the model asks about, as they are before transformation. */
    private final List<double[]> thresholds;

    private final List<List<String>> texts;
    private final SplittableRandom random = new SplittableRandom(SEED);

    /**
     * @param thresholds by input: numbers that the model asks about; may be empty
     * @param texts by input: texts that the model knows; may be empty
     */
    EvaluatorCheck(Signature signature, List<double[]> thresholds, List<List<String>> texts) {
        this.signature = signature;
        this.thresholds = thresholds;
        this.texts = texts;
    }

    /** With what this model asks about. Numbers that are transformed are met at their thresholds by chance alone. */
    static EvaluatorCheck of(Signature signature, Model<?> model, Evaluator evaluator) {
        var thresholds = new ArrayList<double[]>();
        var texts = new ArrayList<List<String>>();
        for (FeatureRead input : signature.inputs()) {
            int column = model.getFeatureIDMap().getID(input.name());
            thresholds.add(
                    evaluator instanceof TreeEvaluator trees && column >= 0
                            ? trees.trees().thresholds(column)
                            : new double[0]);
            var known = new ArrayList<String>();
            for (VariableInfo feature : model.getFeatureIDMap()) {
                if (InputEncoding.isText(input) && InputEncoding.mayHave(input, feature.getName())) {
                    known.add(feature.getName().substring(input.name().length() + 1));
                }
            }
            texts.add(known.stream().sorted().toList());
        }
        return new EvaluatorCheck(signature, thresholds, texts);
    }

    /** What differs, in words; empty if no bit does. */
    Optional<String> difference(Predictor flattened, TribuoPredictor<?> tribuo) {
        List<List<Value>> rows = Stream.generate(this::row).limit(ROWS).toList();
        List<double[]> expected = tribuo.predictAll(rows);
        for (int row = 0; row < ROWS; row++) {
            double[] given = flattened.predict(rows.get(row));
            if (!Arrays.equals(expected.get(row), given)) {
                return Optional.of("row " + rows.get(row) + ": " + Arrays.toString(given) + " (expected: "
                        + Arrays.toString(expected.get(row)) + ")");
            }
        }
        return Optional.empty();
    }

    List<Value> row() {
        var row = new ArrayList<Value>();
        for (int input = 0; input < signature.inputs().size(); input++) {
            row.add(value(input));
        }
        return row;
    }

    private Value value(int index) {
        FeatureRead input = signature.inputs().get(index);
        if (random.nextInt(8) == 0) {
            return Value.Null.NULL;
        }
        return switch (input.type()) {
            case BOOL -> new Value.Bool(random.nextBoolean());
            case STRING -> new Value.Text(text(texts.get(index)));
            case FLOAT64 -> new Value.Float64(number(thresholds.get(index)));
            default -> new Value.Int64((long) number(thresholds.get(index)));
        };
    }

    private String text(List<String> known) {
        return known.isEmpty() || random.nextInt(8) == 0 ? "unheard-of" : known.get(random.nextInt(known.size()));
    }

    private double number(double[] asked) {
        if (asked.length == 0 || random.nextInt(6) == 0) {
            return EXTREMES[random.nextInt(EXTREMES.length)];
        }
        double threshold = asked[random.nextInt(asked.length)];
        return switch (random.nextInt(6)) {
            case 0 -> threshold;
            case 1 -> Math.nextUp(threshold);
            case 2 -> Math.nextDown(threshold);
            case 3 -> Math.nextUp((float) threshold);
            case 4 -> Math.nextDown((float) threshold);
            default -> threshold + random.nextDouble(-1, 1) * Math.max(1, Math.abs(threshold));
        };
    }
}
