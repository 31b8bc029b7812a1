package dev.triptych.kernel;

/**
 * Input that cannot be accepted as it is.
 *
 * @param field path of the offending field, as the caller wrote it, shortened if long
 * @param value what was found there, shortened if long
 * @param expected what would have been accepted: the mend
 */
public record Invalid(String field, String value, String expected) implements CborSerializable {

    // A path may end with a name that the caller made up.
    private static final int FIELD_LENGTH_MAX = 200;
    private static final int VALUE_LENGTH_MAX = 80;

    public Invalid {
        field = shortened(field, FIELD_LENGTH_MAX);
        value = shortened(value, VALUE_LENGTH_MAX);
    }

    private static String shortened(String text, int lengthMax) {
        return text.length() > lengthMax ? text.substring(0, lengthMax) + "…" : text;
    }

    /** One line: {@code field: value (expected: mend)}. */
    public String message() {
        return field + ": " + value + " (expected: " + expected + ")";
    }
}
