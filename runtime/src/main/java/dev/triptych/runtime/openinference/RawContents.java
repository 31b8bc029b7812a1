package dev.triptych.runtime.openinference;

import dev.triptych.runtime.openinference.OutputTensor.Reals;
import dev.triptych.runtime.openinference.OutputTensor.Texts;
import dev.triptych.store.features.domain.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A tensor's elements as bytes, little-endian, row-major, without padding: gRPC's raw contents, REST's binary data. */
public final class RawContents {

    private RawContents() {}

    /**
     * Refuses a buffer that does not hold exactly so many elements.
     *
     * @param field path of the tensor
     * @param source what the buffer is called there
     */
    public static List<Value> values(ByteBuffer bytes, TensorType type, int elements, String field, String source) {
        ByteBuffer buffer = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.remaining();
        if (type.bytes() > 0 && length != (long) elements * type.bytes()) {
            throw wrongLength(field + source, length, (long) elements * type.bytes() + ", " + elements + " of " + type);
        }
        var values = new ArrayList<Value>(elements);
        for (int i = 0; i < elements; i++) {
            try {
                values.add(type.raw(buffer));
            } catch (BufferUnderflowException e) {
                throw wrongLength(field + source, length, elements + " elements, each after its length");
            } catch (IllegalArgumentException e) {
                throw InputTensors.unfit(field, i, e, type);
            }
        }
        if (buffer.hasRemaining()) {
            throw wrongLength(field + source, length, "no byte after " + elements + " elements");
        }
        return values;
    }

    private static RefusedException wrongLength(String field, int length, String expected) {
        return RefusedException.invalid(field, length + " bytes", expected);
    }

    public static ByteBuffer of(OutputTensor tensor) {
        return switch (tensor.elements()) {
            case Reals(var numbers) -> {
                ByteBuffer buffer =
                        ByteBuffer.allocate(numbers.size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                numbers.forEach(buffer::putDouble);
                yield buffer.flip();
            }
            case Texts(var texts) -> {
                List<byte[]> all = texts.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList();
                ByteBuffer buffer = ByteBuffer.allocate(all.stream()
                                .mapToInt(utf8 -> Integer.BYTES + utf8.length)
                                .sum())
                        .order(ByteOrder.LITTLE_ENDIAN);
                all.forEach(utf8 -> buffer.putInt(utf8.length).put(utf8));
                yield buffer.flip();
            }
        };
    }
}
