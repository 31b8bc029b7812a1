package dev.triptych.runtime.grpc;

import dev.triptych.oip.InferTensorContents;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The datatypes of the Open Inference Protocol, as feature values. A number that is not a number is a missing value:
 * the protocol has no other word for it.
 */
enum TensorType {
    BOOL(
            1,
            elements -> new Value.Bool(elements.get() != 0),
            InferTensorContents::getBoolContentsCount,
            (contents, i) -> new Value.Bool(contents.getBoolContents(i))),
    INT8(1, elements -> whole(elements.get()), TensorType::ints, TensorType::anInt),
    INT16(2, elements -> whole(elements.getShort()), TensorType::ints, TensorType::anInt),
    INT32(4, elements -> whole(elements.getInt()), TensorType::ints, TensorType::anInt),
    INT64(
            8,
            elements -> whole(elements.getLong()),
            InferTensorContents::getInt64ContentsCount,
            (contents, i) -> whole(contents.getInt64Contents(i))),
    UINT8(1, elements -> whole(Byte.toUnsignedLong(elements.get())), TensorType::uints, TensorType::anUint),
    UINT16(2, elements -> whole(Short.toUnsignedLong(elements.getShort())), TensorType::uints, TensorType::anUint),
    UINT32(4, elements -> whole(Integer.toUnsignedLong(elements.getInt())), TensorType::uints, TensorType::anUint),
    UINT64(
            8,
            elements -> unsigned(elements.getLong()),
            InferTensorContents::getUint64ContentsCount,
            (contents, i) -> unsigned(contents.getUint64Contents(i))),
    /** In raw contents alone: the protocol's others hold none. */
    FP16(2, elements -> real(Float.float16ToFloat(elements.getShort())), contents -> 0, (contents, i) -> {
        throw new IndexOutOfBoundsException("the protocol's contents hold no FP16");
    }),
    FP32(
            4,
            elements -> real(elements.getFloat()),
            InferTensorContents::getFp32ContentsCount,
            (contents, i) -> real(contents.getFp32Contents(i))),
    FP64(
            8,
            elements -> real(elements.getDouble()),
            InferTensorContents::getFp64ContentsCount,
            (contents, i) -> real(contents.getFp64Contents(i))),
    /** Text in UTF-8; in raw contents each element follows its length, four bytes. */
    BYTES(
            0,
            TensorType::lengthAndText,
            InferTensorContents::getBytesContentsCount,
            (contents, i) -> text(contents.getBytesContents(i).asReadOnlyByteBuffer()));

    private static final Map<String, TensorType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TensorType::name, type -> type));

    private final int bytes;
    private final Function<ByteBuffer, Value> next;
    private final ToIntFunction<InferTensorContents> count;
    private final ElementAt elementAt;

    private interface ElementAt {
        Value of(InferTensorContents contents, int index);
    }

    TensorType(
            int bytes,
            Function<ByteBuffer, Value> next,
            ToIntFunction<InferTensorContents> count,
            ElementAt elementAt) {
        this.bytes = bytes;
        this.next = next;
        this.count = count;
        this.elementAt = elementAt;
    }

    static Optional<TensorType> named(String datatype) {
        return Optional.ofNullable(BY_NAME.get(datatype));
    }

    /** The datatype that metadata gives for a feature; others that fit are taken too. */
    static TensorType of(FeatureType type) {
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

    /** How many elements of this type are there. */
    int count(InferTensorContents contents) {
        return count.applyAsInt(contents);
    }

    /** @throws IllegalArgumentException if it cannot be a value */
    Value element(InferTensorContents contents, int index) {
        return elementAt.of(contents, index);
    }

    private static int ints(InferTensorContents contents) {
        return contents.getIntContentsCount();
    }

    private static Value anInt(InferTensorContents contents, int index) {
        return whole(contents.getIntContents(index));
    }

    private static int uints(InferTensorContents contents) {
        return contents.getUintContentsCount();
    }

    private static Value anUint(InferTensorContents contents, int index) {
        return whole(Integer.toUnsignedLong(contents.getUintContents(index)));
    }

    private static Value whole(long number) {
        return new Value.Int64(number);
    }

    private static Value real(double number) {
        return Double.isNaN(number) ? Value.Null.NULL : new Value.Float64(number);
    }

    private static Value unsigned(long bits) {
        if (bits < 0) {
            throw new IllegalArgumentException(Long.toUnsignedString(bits) + " is more than a feature holds");
        }
        return new Value.Int64(bits);
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

    private static Value text(ByteBuffer utf8) {
        try {
            return new Value.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("bytes that are no UTF-8", e);
        }
    }
}
