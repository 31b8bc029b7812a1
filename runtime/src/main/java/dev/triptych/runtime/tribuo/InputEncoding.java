package dev.triptych.runtime.tribuo;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.Output;
import org.tribuo.impl.ArrayExample;

/**
 * A row of inputs as Tribuo's named features.
 *
 * <ul>
 *   <li>A number or a timestamp (in microseconds) is one feature with the input's name, a bool the same with 0 or 1.
 *       Where missing values are imputed, a missing one is passed as {@link ImputeMean#MISSING}; elsewhere it is left
 *       out, which XGBoost takes for missing and tells apart from a zero (there is a test).
 *   <li>Text is one feature a value, {@code input=value}, that is 1. Missing text, and text that was not among the
 *       training rows, sets none of them.
 *   <li>One feature more is always 1, as Tribuo refuses to predict an example none of whose features it knows.
 * </ul>
 */
final class InputEncoding {

    static final String ALWAYS = "(always)";

    private final List<FeatureRead> inputs;
    /** By input: whether a missing value is marked, not left out. */
    private final boolean[] marked;

    /** @param imputed names of the inputs whose missing values are marked, not left out */
    InputEncoding(Signature signature, Set<String> imputed) {
        this.inputs = signature.inputs();
        this.marked = new boolean[inputs.size()];
        for (int index = 0; index < marked.length; index++) {
            marked[index] = imputed.contains(inputs.get(index).name());
        }
    }

    static boolean isText(FeatureRead input) {
        return input.type() == FeatureType.STRING;
    }

    /** Whether a feature of this name can come from the input. */
    static boolean mayHave(FeatureRead input, String feature) {
        return isText(input) ? feature.startsWith(input.name() + "=") : feature.equals(input.name());
    }

    /**
     * @param row one value an input, in the signature's order
     * @throws IllegalArgumentException if a value is not finite or not of its input's type
     */
    <T extends Output<T>> Example<T> example(List<Value> row, T output) {
        requireComplete(row);
        var features = new ArrayList<Feature>(inputs.size() + 1);
        features.add(new Feature(ALWAYS, 1));
        for (int index = 0; index < row.size(); index++) {
            add(index, row.get(index), features);
        }
        var example = new ArrayExample<>(output);
        features.forEach(example::add);
        return example;
    }

    /** @throws IllegalArgumentException if there is not one value an input */
    void requireComplete(List<Value> row) {
        if (row.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "inputs: " + row.size() + " (expected: " + inputs.size() + ", those of the signature)");
        }
    }

    /**
     * The input's value as a number: NaN if it is left out, 1 for text, {@link ImputeMean#MISSING} if it is to be
     * imputed.
     *
     * @throws IllegalArgumentException if it is not finite or not of the input's type
     */
    double number(int index, Value value) {
        FeatureRead input = inputs.get(index);
        if (!input.type().holds(value) && !(value instanceof Value.Int64 && input.type() == FeatureType.FLOAT64)) {
            throw unfit(input, value, input.type().label());
        }
        return switch (value) {
            case Value.Null missing -> marked[index] ? ImputeMean.MISSING : Double.NaN;
            case Value.Bool bool -> bool.value() ? 1 : 0;
            case Value.Int64 number -> number.value();
            case Value.Float64 number -> measured(input, number);
            case Value.Text text -> 1;
        };
    }

    String name(int index) {
        return inputs.get(index).name();
    }

    private void add(int index, Value value, List<Feature> features) {
        double number = number(index, value);
        String name = inputs.get(index).name();
        if (!Double.isNaN(number)) {
            features.add(new Feature(value instanceof Value.Text text ? name + "=" + text.value() : name, number));
        }
    }

    private static double measured(FeatureRead input, Value.Float64 number) {
        if (!Double.isFinite(number.value())) {
            throw unfit(input, number, "a finite number");
        }
        return number.value() == ImputeMean.MISSING ? 0 : number.value();
    }

    private static IllegalArgumentException unfit(FeatureRead input, Value value, String expected) {
        return new IllegalArgumentException(input.name() + ": " + value.raw() + " (expected: " + expected + ")");
    }
}
