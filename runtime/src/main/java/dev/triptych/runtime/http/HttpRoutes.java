package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.handleExceptions;
import static akka.http.javadsl.server.Directives.handleRejections;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.respondWithHeaders;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.http.api.ApiRoutes;
import dev.triptych.runtime.openinference.OpenInference;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything a node serves over HTTP, subject by subject. What none of them answers is refused in JSON. */
public final class HttpRoutes {

    /** What an answer is said to be is what it is; and nobody is told where a reader came from. */
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("X-Content-Type-Options", "nosniff"), RawHeader.create("Referrer-Policy", "no-referrer"));

    /** The text format of Prometheus. */
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

    private final Route all;
    private final Optional<RequestTraces> traces;

    private HttpRoutes(Route all, Optional<RequestTraces> traces) {
        this.all = all;
        this.traces = traces;
    }

    /**
     * @param requestBytesMax longest body that is read
     * @param meters count requests and how long they take
     * @param metrics all that are counted, as Prometheus reads them
     * @param traces where spans of requests go; empty for nowhere
     * @param access what callers need; pages, which hold no data, are everybody's
     */
    public static HttpRoutes of(
            ActorSystem<?> system,
            int requestBytesMax,
            AccessControl access,
            LocalCalls calls,
            OpenInference openInference,
            MeterRegistry meters,
            Supplier<String> metrics,
            Optional<OpenTelemetry> traces) {
        var bodies = new RequestBodies(system, requestBytesMax);
        Route api = new ApiRoutes(system, calls, bodies::read, RequestTraces::of).route();
        Route inference = new OpenInferenceRoutes(openInference, bodies, new Readers(access)).route();
        Route pages = new PageRoutes().route();
        Route scraped = path(
                "metrics",
                () -> new Readers(access)
                        .only(() -> get(() -> extractRequest(asked -> complete(text(metrics.get()))))));
        return new HttpRoutes(
                new RequestTimes(meters).of(concat(api, inference, scraped, pages)), traces.map(RequestTraces::new));
    }

    private static HttpResponse text(String metrics) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(PROMETHEUS, metrics.getBytes(StandardCharsets.UTF_8)));
    }

    Route all() {
        Route answering =
                handleRejections(Failures.rejections(), () -> handleExceptions(Failures.exceptions(), () -> all));
        return respondWithHeaders(
                HEADERS, () -> traces.map(each -> each.of(answering)).orElse(answering));
    }
}
