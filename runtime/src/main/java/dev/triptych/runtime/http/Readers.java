package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.extractRequest;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.access.Access;
import dev.triptych.runtime.access.Role;
import dev.triptych.runtime.access.Tokens;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps routes that no service stands behind for those whose token lets them read. Who is refused is logged. */
final class Readers {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final Tokens tokens;

    Readers(Tokens tokens) {
        this.tokens = tokens;
    }

    Route only(Supplier<Route> route) {
        if (!tokens.required()) {
            return route.get();
        }
        Route open = route.get();
        return extractRequest(request -> {
            String path = request.getUri().path();
            return switch (tokens.access(
                    request.getHeader("Authorization").map(HttpHeader::value), Role.READER, path)) {
                case Access.Granted granted -> open;
                case Access.Unauthenticated(String message) ->
                    complete(refused(path, StatusCodes.UNAUTHORIZED, message)
                            .addHeader(RawHeader.create("WWW-Authenticate", "Bearer")));
                case Access.Denied(String message) -> complete(refused(path, StatusCodes.FORBIDDEN, message));
            };
        });
    }

    private static HttpResponse refused(String path, StatusCode status, String message) {
        LOG.warn("{} refused: {}", path, message);
        return HttpResponse.create().withStatus(status).withEntity(Json.error(message));
    }
}
