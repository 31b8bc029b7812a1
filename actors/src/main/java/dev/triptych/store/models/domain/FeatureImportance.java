package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.List;

/**
 * How much each input of a version counts: the mean, over a sample of the rows it was trained on and over its outputs,
 * of the absolute {@linkplain Explanation contribution} of the input. For trees that is the mean absolute Shapley
 * value, for a linear model the mean of |coefficient × value|. In the unit of the raw output.
 *
 * @param rows in the sample
 * @param inputs one an input, in the signature's order; none negative
 */
public record FeatureImportance(int rows, List<Double> inputs) implements CborSerializable {
    public FeatureImportance {
        inputs = List.copyOf(inputs);
    }
}
