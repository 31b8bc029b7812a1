package dev.triptych.runtime.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.openinference.OpenInference;

/** Everything a node serves over HTTP, subject by subject. What none of them answers is refused in JSON. */
public final class HttpRoutes extends AllDirectives {

    private final Route all;

    private HttpRoutes(Route all) {
        this.all = all;
    }

    /** @param requestBytesMax longest body that is read */
    public static HttpRoutes of(ActorSystem<?> system, int requestBytesMax, OpenInference openInference) {
        var bodies = new RequestBodies(system, requestBytesMax);
        return new HttpRoutes(new OpenInferenceRoutes(openInference, bodies).route());
    }

    Route all() {
        return handleRejections(Failures.rejections(), () -> handleExceptions(Failures.exceptions(), () -> all));
    }
}
