package dev.triptych.inference.domain;

import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Raw features as a caller names them, brought into a signature's order. */
public sealed interface GivenInputs {

    /** @param values one an input; those left out are {@link Value.Null} */
    record Inputs(List<Value> values) implements GivenInputs {
        public Inputs {
            values = List.copyOf(values);
        }
    }

    record Unusable(Invalid reason) implements GivenInputs {}

    /**
     * A feature goes by {@code view.feature}, or by its bare name where only one input has that. A whole number is
     * widened where a FLOAT64 is asked for.
     *
     * @param field path of the features in the request, for what cannot be used
     */
    static GivenInputs of(Signature signature, Map<String, Value> given, String field) {
        List<FeatureRead> inputs = signature.inputs();
        var byInput = new HashMap<Integer, Value>();
        // In the order of their names, so that of several mistakes the same one is named every time.
        for (Map.Entry<String, Value> named : new TreeMap<>(given).entrySet()) {
            String name = named.getKey();
            String path = field + "." + name;
            List<Integer> meant = meant(inputs, name);
            if (meant.size() != 1) {
                return new Unusable(new Invalid(
                        path, name, meant.isEmpty() ? "one of " + names(inputs) : "one of " + names(inputs, meant)));
            }
            FeatureRead input = inputs.get(meant.getFirst());
            Value value = widened(named.getValue(), input.type());
            Optional<String> expected = expected(value, input.type());
            if (expected.isPresent()) {
                return new Unusable(new Invalid(path, String.valueOf(value.raw()), expected.get()));
            }
            if (byInput.put(meant.getFirst(), value) != null) {
                return new Unusable(new Invalid(path, name, input.name() + " once, by one of its names"));
            }
        }
        var values = new ArrayList<Value>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            values.add(byInput.getOrDefault(i, Value.Null.NULL));
        }
        return new Inputs(values);
    }

    private static List<Integer> meant(List<FeatureRead> inputs, String name) {
        var meant = new ArrayList<Integer>();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(name)) {
                return List.of(i);
            }
            if (inputs.get(i).feature().equals(name)) {
                meant.add(i);
            }
        }
        return meant;
    }

    private static Value widened(Value value, FeatureType type) {
        return type == FeatureType.FLOAT64 && value instanceof Value.Int64(long whole)
                ? new Value.Float64(whole)
                : value;
    }

    /** What should have been given instead; empty if the value will do. */
    private static Optional<String> expected(Value value, FeatureType type) {
        if (!type.holds(value)) {
            return Optional.of(type.label());
        }
        if (value instanceof Value.Float64(double number) && !Double.isFinite(number)) {
            return Optional.of("a finite number, or null");
        }
        if (value instanceof Value.Text(String text) && text.length() > Value.Text.LENGTH_MAX) {
            return Optional.of("at most " + Value.Text.LENGTH_MAX + " characters");
        }
        return Optional.empty();
    }

    private static String names(List<FeatureRead> inputs) {
        return inputs.stream().map(FeatureRead::name).collect(Collectors.joining(", "));
    }

    private static String names(List<FeatureRead> inputs, List<Integer> positions) {
        return names(positions.stream().map(inputs::get).toList());
    }
}
