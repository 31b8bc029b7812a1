package dev.triptych.inference.domain;

import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.InputNames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
     * Values by input. A whole number is widened where a FLOAT64 is asked for.
     *
     * @param field path of the features in the request, for what cannot be used
     */
    static GivenInputs of(InputNames names, Map<String, Value> given, String field) {
        List<FeatureRead> inputs = names.inputs();
        var values = new @Nullable Value[inputs.size()];
        for (Map.Entry<String, Value> named : given.entrySet()) {
            List<Integer> meant = names.meant(named.getKey());
            if (meant.size() != 1 || values[meant.getFirst()] != null) {
                return new Unusable(firstMistake(names, given, field));
            }
            int position = meant.getFirst();
            Value value = widened(named.getValue(), inputs.get(position).type());
            if (expected(value, inputs.get(position).type()).isPresent()) {
                return new Unusable(firstMistake(names, given, field));
            }
            values[position] = value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNullElse(values[i], Value.Null.NULL);
        }
        return new Inputs(List.of(values));
    }

    /** In the order of their names, so that of several mistakes the same one is named every time. */
    private static Invalid firstMistake(InputNames names, Map<String, Value> given, String field) {
        var taken = new HashSet<Integer>();
        for (Map.Entry<String, Value> named : new TreeMap<>(given).entrySet()) {
            String name = named.getKey();
            String path = field + "." + name;
            List<Integer> meant = names.meant(name);
            if (meant.size() != 1) {
                return new Invalid(
                        path,
                        name,
                        "one of " + (meant.isEmpty() ? names(names.inputs()) : names(names.inputs(), meant)));
            }
            FeatureRead input = names.inputs().get(meant.getFirst());
            Value value = widened(named.getValue(), input.type());
            Optional<String> expected = expected(value, input.type());
            if (expected.isPresent()) {
                return new Invalid(path, String.valueOf(value.raw()), expected.get());
            }
            if (!taken.add(meant.getFirst())) {
                return new Invalid(path, name, input.name() + " once, by one of its names");
            }
        }
        throw new IllegalStateException("features: " + given + " (expected: a mistake among them)");
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
