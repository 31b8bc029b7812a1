package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.ModelTrainer.UntrainableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.tribuo.transform.Transformation;
import org.tribuo.transform.transformations.LinearScalingTransformation;
import org.tribuo.transform.transformations.MeanStdDevTransformation;
import org.tribuo.transform.transformations.SimpleTransform;

/**
 * The model-dependent transformations of numeric inputs as Tribuo's, fitted with the model and kept inside of it.
 * Imputation comes first, the others in the order declared.
 */
final class Transformations {

    private static final String IMPUTE_MEAN = "impute-mean";

    /** The logarithm of anything lower is cut off here, about −20.7, so that a model always has an answer. */
    private static final double LOG1P_MIN = -1 + 1e-9;

    private final Map<String, List<Transformation>> byInput = new HashMap<>();
    private final Set<String> imputed = new HashSet<>();

    /**
     * @param takesMissing whether the trainer does; the inputs of one that does not are imputed at prediction in any
     *     case, while missing values among the training rows must have been allowed by {@code impute-mean}
     */
    Transformations(
            List<TransformationDefinition> declared,
            Signature signature,
            List<List<Value>> rows,
            boolean takesMissing) {
        for (int index = 0; index < signature.inputs().size(); index++) {
            FeatureRead input = signature.inputs().get(index);
            if (!InputEncoding.isText(input)) {
                declare(input, kindsOf(declared, input), column(rows, index), takesMissing);
            }
        }
        requireInputs(declared, signature);
    }

    /** Inputs whose missing values are marked. */
    Set<String> imputed() {
        return imputed;
    }

    /** By a pattern that matches one input's name; Tribuo takes patterns only. */
    Map<String, List<Transformation>> byPattern() {
        var byPattern = new HashMap<String, List<Transformation>>();
        byInput.forEach((input, transformations) -> byPattern.put(Pattern.quote(input), transformations));
        return byPattern;
    }

    private void declare(FeatureRead input, List<String> kinds, List<Value> column, boolean takesMissing) {
        var transformations = new ArrayList<Transformation>();
        boolean missing = column.contains(Value.Null.NULL);
        if (missing && !takesMissing && !kinds.contains(IMPUTE_MEAN)) {
            throw new UntrainableException(input.name() + ": null in "
                    + column.stream().filter(Value.Null.NULL::equals).count() + " of " + column.size()
                    + " rows (expected: a value in every row; declare the transformation impute-mean for it, fill it in"
                    + " the view's SQL, or use xgboost, which takes missing values)");
        }
        if (!takesMissing || kinds.contains(IMPUTE_MEAN)) {
            transformations.add(new ImputeMean());
            imputed.add(input.name());
        }
        for (String kind : kinds) {
            transformations.addAll(transformations(kind, column));
        }
        if (!transformations.isEmpty()) {
            byInput.put(input.name(), transformations);
        }
    }

    private static List<Transformation> transformations(String kind, List<Value> column) {
        return switch (kind) {
            case IMPUTE_MEAN -> List.of();
            // A constant has neither deviation nor range to divide by, and tells the model nothing either way.
            case "standardise" -> isConstant(column) ? List.of() : List.of(new MeanStdDevTransformation());
            case "rescale" -> isConstant(column) ? List.of() : List.of(new LinearScalingTransformation(0, 1));
            case "log1p" ->
                List.of(
                        SimpleTransform.threshold(LOG1P_MIN, Double.MAX_VALUE),
                        SimpleTransform.add(1),
                        SimpleTransform.log());
            default ->
                throw new UntrainableException(
                        "transformation: " + kind + " (expected: standardise, rescale, log1p or impute-mean)");
        };
    }

    private static List<String> kindsOf(List<TransformationDefinition> declared, FeatureRead input) {
        return declared.stream()
                .filter(transformation -> names(transformation, input))
                .map(TransformationDefinition::kind)
                .toList();
    }

    private static boolean names(TransformationDefinition transformation, FeatureRead input) {
        return transformation.input().equals(input.name())
                || transformation.input().equals(input.feature());
    }

    private static void requireInputs(List<TransformationDefinition> declared, Signature signature) {
        for (TransformationDefinition transformation : declared) {
            if (signature.inputs().stream()
                    .noneMatch(input -> !InputEncoding.isText(input) && names(transformation, input))) {
                throw new UntrainableException(transformation.kind() + ": " + transformation.input()
                        + " (expected: an input that is a number, a bool or a timestamp)");
            }
        }
    }

    private static List<Value> column(List<List<Value>> rows, int index) {
        return rows.stream().map(row -> row.get(index)).toList();
    }

    private static boolean isConstant(List<Value> column) {
        return column.stream()
                        .filter(value -> value != Value.Null.NULL)
                        .distinct()
                        .limit(2)
                        .count()
                < 2;
    }
}
