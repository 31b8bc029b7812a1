package dev.triptych.kernel;

/** Keeps the spans of a node's requests. */
@FunctionalInterface
public interface Tracing {

    /** Keeps none. */
    Tracing OFF = (name, parent) -> Span.NONE;

    /**
     * @param name of the step, the same for every request
     * @param parent {@code traceparent} of the step that this one is part of
     */
    Span begin(String name, String parent);
}
