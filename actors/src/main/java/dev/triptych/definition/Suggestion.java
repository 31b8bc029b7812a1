package dev.triptych.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may have been meant. */
final class Suggestion {

    /** Further off than this is another word, not a slip of the fingers. */
    private static final int SLIPS_MAX = 2;

    private Suggestion() {}

    /** The mend for a word that is none of the expected ones: the nearest, or all of them. */
    static String of(String found, Collection<String> expected) {
        if (expected.isEmpty()) {
            return "remove it, there is nothing it could name";
        }
        return nearest(found, expected)
                .map(word -> "did you mean " + word + "?")
                .orElseGet(() ->
                        "use one of " + expected.stream().distinct().sorted().collect(Collectors.joining(", ")));
    }

    /** The expected word that may have been meant. */
    static Optional<String> nearest(String found, Collection<String> expected) {
        int slips = Math.min(SLIPS_MAX, (found.length() + 1) / 2);
        return expected.stream()
                .min(Comparator.comparingInt((String word) -> distance(found, word))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(word -> distance(found, word) <= slips);
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
