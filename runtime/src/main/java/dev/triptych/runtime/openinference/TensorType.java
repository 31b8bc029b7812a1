package dev.triptych.runtime.openinference;

import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * The datatypes of the Open Inference Protocol, as feature values. A number that is not a number is a missing value:
 * the protocol has no other word for it.
 */
public enum TensorType {
    BOOL(1, 0, 0, elements -> new Value.Bool(elements.get() != 0)),
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE, elements -> new Value.Int64(elements.get())),
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE, elements -> new Value.Int64(elements.getShort())),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE, elements -> new Value.Int64(elements.getInt())),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE, elements -> new Value.Int64(elements.getLong())),
    UINT8(1, 0, 0xFF, elements -> new Value.Int64(Byte.toUnsignedLong(elements.get()))),
    UINT16(2, 0, 0xFFFF, elements -> new Value.Int64(Short.toUnsignedLong(elements.getShort()))),
    UINT32(4, 0, 0xFFFF_FFFFL, elements -> new Value.Int64(Integer.toUnsignedLong(elements.getInt()))),
    /** Up to what a feature holds: half of them. */
    UINT64(8, 0, Long.MAX_VALUE, elements -> unsigned(elements.getLong())),
    /** In raw contents alone. */
    FP16(2, 0, 0, elements -> real(Float.float16ToFloat(elements.getShort()))),
    FP32(4, 0, 0, elements -> real(elements.getFloat())),
    FP64(8, 0, 0, elements -> real(elements.getDouble())),
    /** Text in UTF-8; in raw contents each element follows its length, four bytes. */
    BYTES(0, 0, 0, TensorType::lengthAndText);

    private final int bytes;
    private final long min;
    private final long max;
    private final Function<ByteBuffer, Value> next;

    TensorType(int bytes, long min, long max, Function<ByteBuffer, Value> next) {
        this.bytes = bytes;
        this.min = min;
        this.max = max;
        this.next = next;
    }

    public static Optional<TensorType> named(String datatype) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(datatype))
                .findFirst();
    }

    /** The datatype that metadata gives for a feature; others that fit are taken too. */
    public static TensorType of(FeatureType type) {
        return switch (type) {
            case BOOL -> BOOL;
            case INT64, TIMESTAMP -> INT64;
            case FLOAT64 -> FP64;
            case STRING -> BYTES;
        };
    }

    /** Of one element; 0 where they differ in length. */
    int bytes() {
        return bytes;
    }

    /**
     * The next element of raw contents.
     *
     * @throws IllegalArgumentException if it cannot be a value
     * @throws java.nio.BufferUnderflowException if the contents end within it
     */
    Value raw(ByteBuffer elements) {
        return next.apply(elements);
    }

    /**
     * A whole number, of one of the {@code INT} and {@code UINT} types.
     *
     * @throws IllegalArgumentException if the type does not hold it
     */
    public Value whole(long number) {
        if (number < min || number > max) {
            throw new IllegalArgumentException(number + " is not within " + min + " to " + max);
        }
        return new Value.Int64(number);
    }

    /**
     * A whole number of {@link #UINT64}.
     *
     * @throws IllegalArgumentException if it is more than a feature holds
     */
    public static Value unsigned(long bits) {
        if (bits < 0) {
            throw new IllegalArgumentException(Long.toUnsignedString(bits) + " is more than a feature holds");
        }
        return new Value.Int64(bits);
    }

    public static Value real(double number) {
        return Double.isNaN(number) ? Value.Null.NULL : new Value.Float64(number);
    }

    private static Value lengthAndText(ByteBuffer elements) {
        int length = elements.getInt();
        if (length < 0 || length > elements.remaining()) {
            throw new IllegalArgumentException(
                    "a length of " + length + " with " + elements.remaining() + " bytes left");
        }
        ByteBuffer element = elements.slice(elements.position(), length);
        elements.position(elements.position() + length);
        return text(element);
    }

    /** @throws IllegalArgumentException if it is not UTF-8 */
    public static Value text(ByteBuffer utf8) {
        try {
            return new Value.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("bytes that are no UTF-8", e);
        }
    }
}
