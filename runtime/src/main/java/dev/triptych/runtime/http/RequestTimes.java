package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.mapResponse;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Counts requests and how long they take until the answer begins, by method, area and status. */
final class RequestTimes {

    /** The beginnings of paths that are told apart: what callers make up must not grow the metrics. */
    private static final Set<String> AREAS = Set.of("api", "v2", "metrics");

    private static final String PAGES = "pages";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final MeterRegistry meters;

    RequestTimes(MeterRegistry meters) {
        this.meters = meters;
    }

    Route of(Route route) {
        return extractRequest(request -> {
            long begun = System.nanoTime();
            return mapResponse(
                    response -> {
                        timer(request, response).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                        return response;
                    },
                    () -> route);
        });
    }

    private Timer timer(HttpRequest request, HttpResponse response) {
        Iterator<String> segments = request.getUri().pathSegments().iterator();
        String first = segments.hasNext() ? segments.next() : PAGES;
        String area = AREAS.contains(first) ? first : PAGES;
        String method =
                METHODS.contains(request.method().name()) ? request.method().name() : "other";
        return Timer.builder("triptych.http.requests")
                .description("Requests over HTTP, until the answer begins")
                .tags(
                        "method",
                        method,
                        "area",
                        area,
                        "status",
                        String.valueOf(response.status().intValue()))
                .register(meters);
    }
}
