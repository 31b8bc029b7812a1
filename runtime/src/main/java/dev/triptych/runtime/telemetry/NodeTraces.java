package dev.triptych.runtime.telemetry;

import com.typesafe.config.Config;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Span;
import dev.triptych.kernel.Tracing;
import dev.triptych.runtime.StartFailure;
import dev.triptych.runtime.calls.TraceParent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a node, sent to a collector over OTLP (HTTP, protobuf) in batches, by a thread of their own: a collector
 * that is away costs spans and nothing else.
 */
public final class NodeTraces implements Tracing, AutoCloseable {

    private static final String SCOPE = "dev.triptych";
    private static final Duration SENT_EVERY = Duration.ofSeconds(1);
    private static final long FLUSH_SECONDS_MAX = 5;

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private NodeTraces(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer(SCOPE);
    }

    /**
     * @param config {@code triptych.tracing}
     * @param node its name
     * @return empty where there is no endpoint
     * @throws StartFailure if some of it cannot be used
     */
    public static Optional<NodeTraces> start(Config config, String node) {
        String endpoint = config.getString("endpoint");
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        requireUrl(endpoint);
        double share = config.getDouble("share");
        if (!(share >= 0 && share <= 1)) {
            throw new StartFailure("triptych.tracing.share: " + share + " (expected: 0 to 1)");
        }
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "triptych",
                        AttributeKey.stringKey("service.instance.id"),
                        node)));
        return Optional.of(new NodeTraces(OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(resource)
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share)))
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(endpoint)
                                        .build())
                                .setScheduleDelay(SENT_EVERY)
                                .build())
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build()));
    }

    private static void requireUrl(String endpoint) {
        try {
            URI url = URI.create(endpoint);
            if (List.of("http", "https").contains(url.getScheme()) && url.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException notOne) {
            // Refused below.
        }
        throw new StartFailure("triptych.tracing.endpoint: " + endpoint
                + " (expected: the URL of a collector, such as http://127.0.0.1:4318/v1/traces)");
    }

    /** Where drivers tell of what they do. */
    public OpenTelemetry openTelemetry() {
        return sdk;
    }

    @Override
    public Span begin(String name, String parent) {
        Context within =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, OnlyTraceParent.INSTANCE);
        return new Begun(tracer.spanBuilder(name).setParent(within).startSpan());
    }

    /** Sends what was not sent yet, for {@value #FLUSH_SECONDS_MAX} s at most. */
    @Override
    public void close() {
        sdk.shutdown().join(FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private record Begun(io.opentelemetry.api.trace.Span span) implements Span {
        @Override
        public Optional<String> context() {
            return Optional.of(TraceParent.of(span.getSpanContext()));
        }

        @Override
        public void end() {
            span.end();
        }

        @Override
        public void fail(Throwable why) {
            span.setStatus(StatusCode.ERROR, Causes.message(why));
            span.end();
        }
    }

    private enum OnlyTraceParent implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String parent) {
            return List.of(TraceParent.HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String parent, String header) {
            return header.equals(TraceParent.HEADER) ? parent : null;
        }
    }
}
