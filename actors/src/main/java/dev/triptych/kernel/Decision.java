package dev.triptych.kernel;

import java.util.List;

/**
 * What a domain answers to a request: the events that make it true, or the reason why not.
 *
 * <p>Accepted without events means "already so": this is how a repeated request is harmless.
 */
public sealed interface Decision<E, R> {

    record Accepted<E, R>(List<E> events) implements Decision<E, R> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    record Refused<E, R>(R reason) implements Decision<E, R> {}

    static <E, R> Decision<E, R> accept(E event) {
        return new Accepted<>(List.of(event));
    }

    static <E, R> Decision<E, R> nothingToDo() {
        return new Accepted<>(List.of());
    }

    static <E, R> Decision<E, R> refuse(R reason) {
        return new Refused<>(reason);
    }
}
