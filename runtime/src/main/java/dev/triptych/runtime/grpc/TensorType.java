package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The datatypes of the Open Inference Protocol, as feature values. A number that is not a number is a missing value:
 * the protocol has no other word for it.
 */
enum TensorType {
    BOOL(1) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Bool(elements.get() != 0);
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getBoolContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            return new Value.Bool(contents.getBoolContents(index));
        }
    },
    INT8(1) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(elements.get());
        }
    },
    INT16(2) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(elements.getShort());
        }
    },
    INT32(4) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(elements.getInt());
        }
    },
    INT64(8) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(elements.getLong());
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getInt64ContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            return new Value.Int64(contents.getInt64Contents(index));
        }
    },
    UINT8(1) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(Byte.toUnsignedLong(elements.get()));
        }
    },
    UINT16(2) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(Short.toUnsignedLong(elements.getShort()));
        }
    },
    UINT32(4) {
        @Override
        Value raw(ByteBuffer elements) {
            return new Value.Int64(Integer.toUnsignedLong(elements.getInt()));
        }
    },
    UINT64(8) {
        @Override
        Value raw(ByteBuffer elements) {
            return unsigned(elements.getLong());
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getUint64ContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            return unsigned(contents.getUint64Contents(index));
        }
    },
    FP16(2) {
        @Override
        Value raw(ByteBuffer elements) {
            return real(Float.float16ToFloat(elements.getShort()));
        }

        @Override
        int count(InferTensorContents contents) {
            return 0;
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            throw new IndexOutOfBoundsException("the protocol's contents hold no FP16");
        }
    },
    FP32(4) {
        @Override
        Value raw(ByteBuffer elements) {
            return real(elements.getFloat());
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getFp32ContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            return real(contents.getFp32Contents(index));
        }
    },
    FP64(8) {
        @Override
        Value raw(ByteBuffer elements) {
            return real(elements.getDouble());
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getFp64ContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            return real(contents.getFp64Contents(index));
        }
    },
    /** Text in UTF-8; in raw contents each element follows its length, four bytes. */
    BYTES(0) {
        @Override
        Value raw(ByteBuffer elements) {
            int length = elements.getInt();
            if (length < 0 || length > elements.remaining()) {
                throw new IllegalArgumentException(
                        "a length of " + length + " with " + elements.remaining() + " bytes left");
            }
            ByteBuffer element = elements.slice(elements.position(), length);
            elements.position(elements.position() + length);
            return text(element);
        }

        @Override
        int count(InferTensorContents contents) {
            return contents.getBytesContentsCount();
        }

        @Override
        Value element(InferTensorContents contents, int index) {
            ByteString element = contents.getBytesContents(index);
            return text(element.asReadOnlyByteBuffer());
        }
    };

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    static Optional<TensorType> named(String datatype) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(datatype))
                .findFirst();
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
    abstract Value raw(ByteBuffer elements);

    /** How many elements of this type are there. The smaller whole numbers share a field. */
    int count(InferTensorContents contents) {
        return isUnsigned() ? contents.getUintContentsCount() : contents.getIntContentsCount();
    }

    /** @throws IllegalArgumentException if it cannot be a value */
    Value element(InferTensorContents contents, int index) {
        return new Value.Int64(
                isUnsigned()
                        ? Integer.toUnsignedLong(contents.getUintContents(index))
                        : contents.getIntContents(index));
    }

    private boolean isUnsigned() {
        return name().startsWith("U");
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

    private static Value text(ByteBuffer utf8) {
        try {
            return new Value.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("bytes that are no UTF-8", e);
        }
    }
}
