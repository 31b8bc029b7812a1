package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.handleExceptions;
import static akka.http.javadsl.server.Directives.handleRejections;
import static akka.http.javadsl.server.Directives.respondWithHeaders;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.http.api.ApiRoutes;
import dev.triptych.runtime.openinference.OpenInference;
import java.util.List;

/** Everything a node serves over HTTP, subject by subject. What none of them answers is refused in JSON. */
public final class HttpRoutes {

    /** What an answer is said to be is what it is; and nobody is told where a reader came from. */
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("X-Content-Type-Options", "nosniff"), RawHeader.create("Referrer-Policy", "no-referrer"));

    private final Route all;

    private HttpRoutes(Route all) {
        this.all = all;
    }

    /**
     * @param requestBytesMax longest body that is read
     * @param access what callers need; pages, which hold no data, are everybody's
     */
    public static HttpRoutes of(
            ActorSystem<?> system,
            int requestBytesMax,
            AccessControl access,
            LocalCalls calls,
            OpenInference openInference) {
        var bodies = new RequestBodies(system, requestBytesMax);
        Route api = new ApiRoutes(system, calls, bodies::read).route();
        Route inference = new OpenInferenceRoutes(openInference, bodies, new Readers(access)).route();
        Route pages = new PageRoutes().route();
        return new HttpRoutes(concat(api, inference, pages));
    }

    Route all() {
        return respondWithHeaders(
                HEADERS,
                () -> handleRejections(
                        Failures.rejections(), () -> handleExceptions(Failures.exceptions(), () -> all)));
    }
}
