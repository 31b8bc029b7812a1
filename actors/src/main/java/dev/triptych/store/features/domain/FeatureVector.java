package dev.triptych.store.features.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.List;

/** The answer to a read: one value a feature, in the order asked for. */
public record FeatureVector(List<FeatureValue> values) implements CborSerializable {
    public FeatureVector {
        values = List.copyOf(values);
    }
}
