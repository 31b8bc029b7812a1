package dev.triptych.runtime.duckdb;

import java.util.ArrayList;
import java.util.List;

/** Rows that cannot be used: all are counted, the first are told. */
final class Rejections {

    private static final int TOLD_MAX = 100;
    private static final int VALUE_LENGTH_MAX = 80;

    private final List<String> told = new ArrayList<>();
    private long count;

    /** @param place {@code file:line: column} */
    void add(String place, String value, String expected) {
        count++;
        if (told.size() < TOLD_MAX) {
            String shown = value.length() > VALUE_LENGTH_MAX ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value;
            told.add(place + ": " + shown + " (expected: " + expected + ")");
        }
    }

    long count() {
        return count;
    }

    List<String> told() {
        return List.copyOf(told);
    }
}
