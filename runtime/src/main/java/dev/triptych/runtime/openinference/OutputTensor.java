package dev.triptych.runtime.openinference;

import java.util.List;

/**
 * One output tensor.
 *
 * @param elements as many as the shape says, row-major
 */
public record OutputTensor(String name, TensorType type, List<Long> shape, Elements elements) {
    public OutputTensor {
        shape = List.copyOf(shape);
    }

    public sealed interface Elements {}

    /** Of {@link TensorType#FP64}. */
    public record Reals(List<Double> numbers) implements Elements {}

    /** Of {@link TensorType#BYTES}. */
    public record Texts(List<String> texts) implements Elements {}
}
