package dev.triptych.systems.titanic;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the generator has come: the next passenger's number, and who still waits for an outcome.
 *
 * @param next number of the next passenger, from 1
 * @param waiting in the order of arrival
 */
record Voyage(long next, List<Group> waiting) {

    /**
     * Passengers who arrived together.
     *
     * @param first number of the first of them
     * @param dueMicros when their outcomes arrive, UTC microseconds
     * @param outcomes one character a passenger, 1 for a survivor; drawn on arrival, told when due
     */
    record Group(long first, long dueMicros, String outcomes) {}

    static final Voyage START = new Voyage(1, List.of());

    /** {@code next;first@due:outcomes;…} */
    String cursor() {
        var text = new StringBuilder().append(next);
        waiting.forEach(group -> text.append(';')
                .append(group.first())
                .append('@')
                .append(group.dueMicros())
                .append(':')
                .append(group.outcomes()));
        return text.toString();
    }

    static Voyage parse(String cursor) {
        String[] parts = cursor.split(";");
        var waiting = new ArrayList<Group>();
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('@');
            int colon = parts[i].indexOf(':');
            waiting.add(new Group(
                    Long.parseLong(parts[i].substring(0, at)),
                    Long.parseLong(parts[i].substring(at + 1, colon)),
                    parts[i].substring(colon + 1)));
        }
        return new Voyage(Long.parseLong(parts[0]), waiting);
    }

    List<Group> dueBy(long micros) {
        return waiting.stream().filter(group -> group.dueMicros() <= micros).toList();
    }

    List<Group> waitingAfter(long micros) {
        return waiting.stream().filter(group -> group.dueMicros() > micros).toList();
    }
}
