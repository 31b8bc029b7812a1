package dev.triptych.runtime.calls;

import io.opentelemetry.api.trace.SpanContext;

/** What tells the next part of a request which span it belongs to: a {@code traceparent} of W3C's Trace Context. */
public final class TraceParent {

    /** Of the header, in HTTP and in gRPC's metadata. */
    public static final String HEADER = "traceparent";

    private TraceParent() {}

    public static String of(SpanContext span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }
}
