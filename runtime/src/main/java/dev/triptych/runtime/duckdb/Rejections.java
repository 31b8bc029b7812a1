package dev.triptych.runtime.duckdb;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Rows that cannot be used: all are counted, and the first are told, in the order of their files and places. */
final class Rejections {

    private static final int TOLD_MAX = 100;
    private static final int VALUE_LENGTH_MAX = 80;
    private static final long NO_PLACE = Long.MAX_VALUE;

    private static final Comparator<Told> ORDER =
            Comparator.comparingLong(Told::file).thenComparingLong(Told::place).thenComparingLong(Told::nth);

    /** The last of those to tell comes first, as it is the one to leave when another comes before it. */
    private final PriorityQueue<Told> told = new PriorityQueue<>(ORDER.reversed());

    private long file;
    private long nth;
    private long count;

    private record Told(long file, long place, long nth, String text) {}

    /** What is told from here on is of another file. */
    void nextFile() {
        file++;
    }

    /** Tells what is wrong with a row, and counts nothing: a row may have several faults. */
    void tell(long place, String where, String value, String expected) {
        String shown = value.length() > VALUE_LENGTH_MAX ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value;
        told.add(new Told(file, place, nth++, where + ": " + shown + " (expected: " + expected + ")"));
        if (told.size() > TOLD_MAX) {
            told.remove();
        }
    }

    void count(long rows) {
        count += rows;
    }

    /**
     * Tells and counts a row.
     *
     * @param place line or number in the file
     * @param where {@code file:line: column}
     */
    void add(long place, String where, String value, String expected) {
        tell(place, where, value, expected);
        count(1);
    }

    /** The same of a row that has no place in a file; it is told after those that have. */
    void add(String where, String value, String expected) {
        add(NO_PLACE, where, value, expected);
    }

    long count() {
        return count;
    }

    List<String> told() {
        return told.stream().sorted(ORDER).map(Told::text).toList();
    }
}
