package dev.triptych.kernel;

/**
 * Input that cannot be accepted as it is.
 *
 * @param field path of the offending field, as the caller wrote it
 * @param value what was found there, shortened if long
 * @param expected what would have been accepted: the mend
 */
public record Invalid(String field, String value, String expected) implements CborSerializable {

    private static final int VALUE_LENGTH_MAX = 80;

    public Invalid {
        if (value.length() > VALUE_LENGTH_MAX) {
            value = value.substring(0, VALUE_LENGTH_MAX) + "…";
        }
    }

    /** One line: {@code field: value (expected: mend)}. */
    public String message() {
        return field + ": " + value + " (expected: " + expected + ")";
    }
}
