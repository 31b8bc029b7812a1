package dev.triptych.runtime.grpc;

import dev.triptych.runtime.calls.TraceParent;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.instrumentation.grpc.v1_6.GrpcTelemetry;
import java.util.Optional;

/** A span for each call, within the caller's where it says one; calls of health, which go on for ever, have none. */
final class CallTraces implements ServerInterceptor {

    private static final Context.Key<String> TRACE = Context.key("triptych-trace");

    private final ServerInterceptor spans;

    CallTraces(OpenTelemetry telemetry) {
        this.spans = GrpcTelemetry.create(telemetry).createServerInterceptor();
    }

    /** The {@code traceparent} of the call in hand; empty where none is traced. */
    static Optional<String> current() {
        return Optional.ofNullable(TRACE.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())
                ? next.startCall(call, headers)
                : spans.interceptCall(call, headers, (traced, same) -> within(traced, same, next));
    }

    private static <Q, A> ServerCall.Listener<Q> within(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String trace = TraceParent.of(Span.current().getSpanContext());
        return Contexts.interceptCall(Context.current().withValue(TRACE, trace), call, headers, next);
    }
}
