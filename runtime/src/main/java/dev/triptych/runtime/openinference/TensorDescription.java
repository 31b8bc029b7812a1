package dev.triptych.runtime.openinference;

import java.util.List;

/**
 * A tensor of a model's metadata.
 *
 * @param shape −1 where any size will do
 */
public record TensorDescription(String name, TensorType type, List<Long> shape) {
    public TensorDescription {
        shape = List.copyOf(shape);
    }

    static final long ANY = -1;
}
