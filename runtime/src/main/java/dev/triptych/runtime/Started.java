package dev.triptych.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be stopped in the reverse order. For one thread at a time. */
final class Started implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    void push(AutoCloseable resource) {
        resources.push(resource);
    }

    /** Stops everything; doing it again does nothing. */
    @Override
    public void close() {
        while (!resources.isEmpty()) {
            AutoCloseable next = resources.pop();
            try {
                next.close();
            } catch (Exception e) {
                // The others must be stopped all the same.
                System.getLogger(Started.class.getName())
                        .log(System.Logger.Level.WARNING, "could not be stopped: " + next, e);
            }
        }
    }
}
