package dev.triptych.store.features.domain;

import java.util.Optional;

/** The types a feature can have, each with the letter that stands for it in stored events. */
public enum FeatureType {
    BOOL('b', "bool"),
    INT64('i', "int64"),
    FLOAT64('f', "float64"),
    STRING('s', "string"),
    /** UTC microseconds since 1970, held as {@link Value.Int64}. */
    TIMESTAMP('t', "timestamp");

    private final char code;
    private final String label;

    FeatureType(char code, String label) {
        this.code = code;
        this.label = label;
    }

    public char code() {
        return code;
    }

    /** The name definitions and clients use. */
    public String label() {
        return label;
    }

    /** True for a value of this type, and for null. */
    public boolean holds(Value value) {
        return switch (value) {
            case Value.Null missing -> true;
            case Value.Bool bool -> this == BOOL;
            case Value.Int64 number -> this == INT64 || this == TIMESTAMP;
            case Value.Float64 number -> this == FLOAT64;
            case Value.Text text -> this == STRING;
        };
    }

    public static Optional<FeatureType> ofLabel(String label) {
        for (FeatureType type : values()) {
            if (type.label.equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static FeatureType ofCode(char code) {
        for (FeatureType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("type code: " + code + " (expected: one of b, i, f, s, t)");
    }
}
