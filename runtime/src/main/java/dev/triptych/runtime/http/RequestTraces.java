package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.mapRequest;
import static akka.http.javadsl.server.Directives.mapResponse;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.calls.TraceParent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that asks for something, until the answer begins, within the caller's where it says one. Paths
 * are left out of it: they may hold keys.
 */
final class RequestTraces {

    private static final AttributeKey<String> TRACE = AttributeKey.create("triptych-trace", String.class);

    /** Beginnings of paths; pages, health and metrics are looked at all the time. */
    private static final List<String> TRACED = List.of("/api/", "/v2/models/");

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    RequestTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.triptych.http");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    /** The {@code traceparent} of a request; empty where it is not traced. */
    static Optional<String> of(HttpRequest request) {
        return request.getAttribute(TRACE);
    }

    /** @param route answers whatever comes, also what it refuses */
    Route of(Route route) {
        return extractRequest(request -> TRACED.stream()
                .filter(request.getUri().path()::startsWith)
                .findFirst()
                .map(area -> traced(begin(request, area), route))
                .orElse(route));
    }

    private Span begin(HttpRequest request, String area) {
        return tracer.spanBuilder(request.method().name() + " " + area)
                .setSpanKind(SpanKind.SERVER)
                .setParent(propagator.extract(Context.root(), request, Headers.INSTANCE))
                .setAttribute("http.request.method", request.method().name())
                .startSpan();
    }

    private static Route traced(Span span, Route route) {
        String trace = TraceParent.of(span.getSpanContext());
        return mapResponse(
                response -> ended(span, response),
                () -> mapRequest(request -> request.addAttribute(TRACE, trace), () -> route));
    }

    private static HttpResponse ended(Span span, HttpResponse response) {
        span.setAttribute("http.response.status_code", response.status().intValue());
        if (response.status().intValue() >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
        return response;
    }

    private enum Headers implements TextMapGetter<HttpRequest> {
        INSTANCE;

        @Override
        public Iterable<String> keys(HttpRequest request) {
            return StreamSupport.stream(request.getHeaders().spliterator(), false)
                    .map(HttpHeader::lowercaseName)
                    .toList();
        }

        @Override
        public @Nullable String get(@Nullable HttpRequest request, String header) {
            return request == null
                    ? null
                    : request.getHeader(header).map(HttpHeader::value).orElse(null);
        }
    }
}
