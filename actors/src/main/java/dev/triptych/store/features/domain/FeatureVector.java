package dev.triptych.store.features.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.List;

/** The answer to a read: one value a feature, in the order asked for. */
public record FeatureVector(List<FeatureValue> values) implements CborSerializable {
    public FeatureVector {
        values = List.copyOf(values);
    }

    /** Whether nothing can be told of any feature, as the key was erased. */
    public boolean allErased() {
        return !values.isEmpty() && values.stream().allMatch(value -> value.status() == FeatureValue.Status.ERASED);
    }

    /**
     * The values as a model takes them, in training and in inference alike: one that is not present, or too old, is
     * missing.
     */
    public List<Value> inputs() {
        var inputs = new Value[values.size()];
        for (int index = 0; index < inputs.length; index++) {
            FeatureValue value = values.get(index);
            inputs[index] = value.status() == FeatureValue.Status.PRESENT ? value.value() : Value.Null.NULL;
        }
        return List.of(inputs);
    }
}
