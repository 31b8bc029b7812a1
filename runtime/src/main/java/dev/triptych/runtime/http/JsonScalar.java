package dev.triptych.runtime.http;

import dev.triptych.runtime.openinference.TensorType;
import dev.triptych.store.features.domain.Value;
import java.util.Optional;

/**
 * One element of a tensor as it was written, so that each datatype reads the digits themselves and no bit is lost on the
 * way.
 */
record JsonScalar(Kind kind, String text) {

    enum Kind {
        NULL,
        BOOLEAN,
        STRING,
        /** Digits alone. */
        WHOLE,
        /** With a point or an exponent; or one of the words that JSON does not have, such as NaN. */
        FRACTION
    }

    static final JsonScalar NULL = new JsonScalar(Kind.NULL, "null");

    /** No double needs more to be written exactly. */
    private static final int NUMBER_LENGTH_MAX = 1_100;

    private static final int WHOLE_LENGTH_MAX = 20;

    /** @throws IllegalArgumentException if the type does not hold it */
    Value as(TensorType type) {
        if (kind == Kind.NULL) {
            return Value.Null.NULL;
        }
        return switch (type) {
            case BOOL -> new Value.Bool(Boolean.parseBoolean(of(Kind.BOOLEAN)));
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                type.whole(whole(of(Kind.WHOLE)).orElseThrow(() -> new IllegalArgumentException(shortened())));
            case FP32 -> finite(Float.parseFloat(number()));
            case FP64 -> finite(Double.parseDouble(number()));
            case FP16 -> throw new IllegalArgumentException("FP16 outside binary data");
            case BYTES -> new Value.Text(of(Kind.STRING));
        };
    }

    /** Empty where a long does not hold it. */
    static Optional<Long> whole(String digits) {
        try {
            return digits.length() > WHOLE_LENGTH_MAX ? Optional.empty() : Optional.of(Long.valueOf(digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private String of(Kind wanted) {
        if (kind != wanted) {
            throw new IllegalArgumentException(shortened());
        }
        return text;
    }

    private String number() {
        boolean number = kind == Kind.WHOLE || kind == Kind.FRACTION;
        if (!number || text.length() > NUMBER_LENGTH_MAX) {
            throw new IllegalArgumentException(shortened());
        }
        return text;
    }

    /** JSON has no word for any other; what is missing is null. */
    private Value finite(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(shortened());
        }
        return new Value.Float64(number);
    }

    private String shortened() {
        return kind == Kind.STRING ? '"' + text + '"' : text;
    }
}
