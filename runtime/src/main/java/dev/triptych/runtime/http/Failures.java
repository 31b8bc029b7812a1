package dev.triptych.runtime.http;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.scaladsl.model.EntityStreamException;
import dev.triptych.kernel.Causes;
import dev.triptych.runtime.http.RequestBodies.TooLargeException;
import dev.triptych.runtime.openinference.RefusedException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals and failures as HTTP statuses, each with <code>{"error": "…"}</code>. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> Directives.complete(response(Causes.of(failure))))
                .build();
    }

    /** What no route takes: an unknown path, another method than it has. */
    static RejectionHandler rejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(response -> {
            String why = response.entity() instanceof HttpEntity.Strict strict
                    ? strict.getData().utf8String()
                    : response.status().reason();
            return response.withEntity(Json.error(why));
        });
    }

    private static HttpResponse response(Throwable failure) {
        return switch (failure) {
            case RefusedException refused -> response(status(refused.kind()), Causes.message(refused));
            case TooLargeException tooLarge -> response(StatusCodes.CONTENT_TOO_LARGE, Causes.message(tooLarge));
            case TimeoutException timeout ->
                response(
                        StatusCodes.SERVICE_UNAVAILABLE,
                        "no answer in time; what was asked may or may not have happened, so ask again");
            // Whoever hung up hears nothing, and must not fill the log.
            case EntityStreamException cutShort ->
                response(StatusCodes.BAD_REQUEST, "body: ended too soon (expected: as long as the request said)");
            default -> {
                LOG.error("a request failed for a reason nobody foresaw", failure);
                yield response(StatusCodes.INTERNAL_SERVER_ERROR, Causes.message(failure));
            }
        };
    }

    private static StatusCode status(RefusedException.Kind kind) {
        return switch (kind) {
            case INVALID -> StatusCodes.BAD_REQUEST;
            case NOT_FOUND -> StatusCodes.NOT_FOUND;
            case UNFIT -> StatusCodes.CONFLICT;
            case NOT_READY -> StatusCodes.SERVICE_UNAVAILABLE;
            case TOO_LATE -> StatusCodes.GATEWAY_TIMEOUT;
        };
    }

    private static HttpResponse response(StatusCode status, String error) {
        return HttpResponse.create().withStatus(status).withEntity(Json.error(error));
    }
}
