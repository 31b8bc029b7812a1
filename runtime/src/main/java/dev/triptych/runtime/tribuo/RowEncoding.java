package dev.triptych.runtime.tribuo;

import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.Model;
import org.tribuo.VariableInfo;
import org.tribuo.transform.TransformedModel;
import org.tribuo.transform.Transformer;
import org.tribuo.transform.TransformerMap;

/**
 * A row of inputs as numbers by feature id: what {@link InputEncoding}, Tribuo's transformations and its feature map
 * come to, without their lookups by name.
 */
final class RowEncoding {

    private static final int UNKNOWN = -1;

    private final Input[] inputs;
    private final InputEncoding encoding;
    /** A row of no inputs. */
    private final double[] blank;

    /** @param transformers of the number, in order */
    private record Input(boolean text, int column, Map<String, Integer> texts, List<Transformer> transformers) {}

    /**
     * @param absent what a feature that is not there counts as: NaN, missing, or 0
     * @throws IllegalArgumentException if the model's features cannot be told apart by their inputs
     */
    RowEncoding(Signature signature, Model<?> model, Set<String> imputed, double absent) {
        Model<?> inner = model;
        var maps = new ArrayList<TransformerMap>();
        while (inner instanceof TransformedModel<?> transformed) {
            if (transformed.getDensify()) {
                throw new IllegalArgumentException("model: densified (expected: absent features stay so)");
            }
            maps.add(transformed.getTransformerMap());
            inner = transformed.getInnerModel();
        }
        ImmutableFeatureMap features = inner.getFeatureIDMap();
        int always = features.getID(InputEncoding.ALWAYS);
        if (always == UNKNOWN || features.size() != 1 + owned(signature, features)) {
            throw new IllegalArgumentException("model features: ambiguous (expected: each from one input)");
        }
        this.encoding = new InputEncoding(signature, imputed);
        this.inputs = signature.inputs().stream()
                .map(input -> input(input, features, maps))
                .toArray(Input[]::new);
        this.blank = new double[features.size()];
        Arrays.fill(blank, absent);
        blank[always] = transformed(1, transformers(InputEncoding.ALWAYS, maps));
    }

    int columns() {
        return blank.length;
    }

    /** By column: the index of the input it comes from, or −1 for the one that is always 1. */
    int[] inputsOfColumns() {
        int[] owners = new int[blank.length];
        Arrays.fill(owners, UNKNOWN);
        for (int index = 0; index < inputs.length; index++) {
            if (inputs[index].column() != UNKNOWN) {
                owners[inputs[index].column()] = index;
            }
            for (int column : inputs[index].texts().values()) {
                owners[column] = index;
            }
        }
        return owners;
    }

    /**
     * @param numbers takes one number a column
     * @return whether every input was still a finite float after its transformations; what a library does with others
     *     is its own affair
     * @throws IllegalArgumentException if a value is not finite or not of its input's type
     */
    boolean encode(List<Value> row, double[] numbers) {
        encoding.requireComplete(row);
        System.arraycopy(blank, 0, numbers, 0, blank.length);
        boolean ordinary = true;
        for (int index = 0; index < inputs.length; index++) {
            Input input = inputs[index];
            Value value = row.get(index);
            double number = encoding.number(index, value);
            if (input.text()) {
                int column =
                        value instanceof Value.Text text ? input.texts().getOrDefault(text.value(), UNKNOWN) : UNKNOWN;
                if (column != UNKNOWN) {
                    numbers[column] = 1;
                }
            } else if (input.column() != UNKNOWN && !Double.isNaN(number)) {
                numbers[input.column()] = transformed(number, input.transformers());
                ordinary &= Float.isFinite((float) numbers[input.column()]);
            }
        }
        return ordinary;
    }

    /** Which input is the first that is no finite float after its transformations, of a row where one is. */
    Invalid beyondFloats(List<Value> row) {
        for (int index = 0; index < inputs.length; index++) {
            Input input = inputs[index];
            double number = input.text() ? 1 : encoding.number(index, row.get(index));
            if (!Double.isNaN(number) && !Float.isFinite((float) transformed(number, input.transformers()))) {
                return new Invalid(
                        encoding.name(index),
                        String.valueOf(row.get(index).raw()),
                        "a number that the model can take as a float: at most " + Float.MAX_VALUE
                                + " after its transformations, below zero likewise");
            }
        }
        throw new IllegalStateException("row: " + row + " (expected: a number beyond floats among its values)");
    }

    private static Input input(FeatureRead input, ImmutableFeatureMap features, List<TransformerMap> maps) {
        if (!InputEncoding.isText(input)) {
            return new Input(false, features.getID(input.name()), Map.of(), transformers(input.name(), maps));
        }
        var texts = new HashMap<String, Integer>();
        for (VariableInfo feature : features) {
            if (InputEncoding.mayHave(input, feature.getName())) {
                texts.put(feature.getName().substring(input.name().length() + 1), features.getID(feature.getName()));
                if (!transformers(feature.getName(), maps).isEmpty()) {
                    throw new IllegalArgumentException(
                            feature.getName() + ": transformed (expected: only numbers are)");
                }
            }
        }
        return new Input(true, UNKNOWN, Map.copyOf(texts), List.of());
    }

    private static long owned(Signature signature, ImmutableFeatureMap features) {
        long owned = 0;
        for (VariableInfo feature : features) {
            owned += signature.inputs().stream()
                    .filter(input -> InputEncoding.mayHave(input, feature.getName()))
                    .count();
        }
        return owned;
    }

    private static List<Transformer> transformers(String feature, List<TransformerMap> maps) {
        var transformers = new ArrayList<Transformer>();
        for (TransformerMap map : maps) {
            List<Transformer> own = map.get(feature);
            if (own != null) {
                transformers.addAll(own);
            }
        }
        return List.copyOf(transformers);
    }

    private static double transformed(double number, List<Transformer> transformers) {
        double transformed = number;
        for (int index = 0; index < transformers.size(); index++) {
            transformed = transformers.get(index).transform(transformed);
        }
        return transformed;
    }
}
