package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One feature value. Stored and sent as the bare scalar, so that a journal reads naturally in any CBOR tool; a stored
 * timestamp is an {@link Int64} whose type is in the schema beside it.
 */
public sealed interface Value {

    /** A stored null: the feature is known to be missing. */
    enum Null implements Value {
        NULL;

        @Override
        @JsonValue
        public @Nullable Object raw() {
            return null;
        }
    }

    record Bool(boolean value) implements Value {
        private static final Bool FALSE = new Bool(false);
        private static final Bool TRUE = new Bool(true);

        /** One object for each of the two, where many are held. */
        public static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        @JsonValue
        public Object raw() {
            return value;
        }
    }

    record Int64(long value) implements Value {
        @Override
        @JsonValue
        public Object raw() {
            return value;
        }
    }

    record Float64(double value) implements Value {
        @Override
        @JsonValue
        public Object raw() {
            return value;
        }
    }

    /** @param value at most {@value #LENGTH_MAX} characters where it comes from outside */
    record Text(String value) implements Value {
        public static final int LENGTH_MAX = 10_000;

        @Override
        @JsonValue
        public Object raw() {
            return value;
        }
    }

    /** The bare scalar: Boolean, Long, Double, String or null. */
    @Nullable
    Object raw();

    /** @param raw Boolean, any number (whole ones become Int64), String, or null */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Value of(@Nullable Object raw) {
        return switch (raw) {
            case null -> Null.NULL;
            case Value value -> value;
            case Boolean bool -> Bool.of(bool);
            case Integer number -> new Int64(number);
            case Long number -> new Int64(number);
            case Float number -> new Float64(number);
            case Double number -> new Float64(number);
            case String text -> new Text(text);
            default ->
                throw new IllegalArgumentException(
                        raw.getClass().getName() + " (expected: Boolean, Long, Double, String or null)");
        };
    }
}
