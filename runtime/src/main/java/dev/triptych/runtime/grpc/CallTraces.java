package dev.triptych.runtime.grpc;

import dev.triptych.runtime.calls.TraceParent;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A span for each call, within the caller's where it says one; calls of health, which go on for ever, have none. Names
 * and attributes are those of OpenTelemetry's conventions for RPC. Its own instrumentation of gRPC is not used: that
 * changes how every call of the process keeps its context, traced or not.
 */
final class CallTraces implements ServerInterceptor {

    private static final Context.Key<String> TRACE = Context.key("triptych-trace");

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    CallTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.triptych.grpc");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    /** The {@code traceparent} of the call in hand; empty where none is traced. */
    static Optional<String> current() {
        return Optional.ofNullable(TRACE.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, headers);
        }
        Span span = tracer.spanBuilder(call.getMethodDescriptor().getFullMethodName())
                .setSpanKind(SpanKind.SERVER)
                .setParent(propagator.extract(io.opentelemetry.context.Context.root(), headers, Headers.INSTANCE))
                .setAttribute("rpc.system", "grpc")
                .startSpan();
        Context context = Context.current().withValue(TRACE, TraceParent.of(span.getSpanContext()));
        return new Cancellable<>(Contexts.interceptCall(context, new Traced<>(call, span), headers, next), span);
    }

    private static void end(Span span, Status status) {
        span.setAttribute("rpc.grpc.status_code", status.getCode().value());
        switch (status.getCode()) {
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
                span.setStatus(StatusCode.ERROR);
            default -> {}
        }
        span.end();
    }

    private static final class Traced<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Span span;

        Traced(ServerCall<Q, A> call, Span span) {
            super(call);
            this.span = span;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            end(span, status);
        }
    }

    /** A call that is cancelled is never closed. */
    private static final class Cancellable<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Span span;

        Cancellable(ServerCall.Listener<Q> listener, Span span) {
            super(listener);
            this.span = span;
        }

        @Override
        public void onCancel() {
            super.onCancel();
            end(span, Status.CANCELLED);
        }
    }

    private enum Headers implements TextMapGetter<Metadata> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Metadata headers) {
            return headers.keys();
        }

        @Override
        public @Nullable String get(@Nullable Metadata headers, String name) {
            return headers == null ? null : headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }
}
