package dev.triptych.definition.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A share of a deployment's traffic and what answers it.
 *
 * @param to an alias of the model, or the number of a version; digits alone are a number
 * @param weight percent of the keys, 1 to 100
 */
public record Route(String to, int weight) {

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");
    private static final Pattern ALIAS = Pattern.compile("(?!\\d+$)[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    /** What can stand as {@link #to}. */
    public static final String TO_EXPECTED = "an alias, or the number of a version";

    /** Whether the text can name a version at all. */
    public static boolean isTarget(String to) {
        return NUMBER.matcher(to).matches() || ALIAS.matcher(to).matches();
    }

    /** The version's number; empty where the text is an alias. */
    public static Optional<Integer> number(String to) {
        return NUMBER.matcher(to).matches() ? Optional.of(Integer.valueOf(to)) : Optional.empty();
    }
}
