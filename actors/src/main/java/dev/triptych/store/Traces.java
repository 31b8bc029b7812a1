package dev.triptych.store;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import dev.triptych.kernel.Span;
import dev.triptych.kernel.Tracing;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * Where the actors of a node tell what a request's time went into. A message says which trace it belongs to, as a {@code
 * traceparent} of W3C's Trace Context; one that says nothing is not traced, and costs nothing more. Thread-safe.
 */
public final class Traces implements Extension {

    private static final ExtensionId<Traces> ID = new ExtensionId<>() {
        @Override
        public Traces createExtension(ActorSystem<?> system) {
            return new Traces();
        }
    };

    private volatile Tracing tracing = Tracing.OFF;

    private Traces() {}

    /** One for each actor system. */
    public static Traces get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** @param tracing keeps spans from now on */
    public void by(Tracing tracing) {
        this.tracing = tracing;
    }

    /**
     * @param name of the step, the same for every request
     * @param trace of the message; empty for one that is not traced
     */
    public Span begin(String name, Optional<String> trace) {
        return trace.isEmpty() ? Span.NONE : tracing.begin(name, trace.get());
    }

    /** Has the log lines that are written meanwhile say which trace they belong to. */
    public static void logged(Optional<String> trace, Runnable lines) {
        String[] parts = trace.orElse("").split("-", -1);
        if (parts.length < 4) {
            lines.run();
            return;
        }
        try (var traceId = MDC.putCloseable("trace_id", parts[1]);
                var spanId = MDC.putCloseable("span_id", parts[2])) {
            lines.run();
        }
    }
}
