package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.extractRequest;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import dev.triptych.runtime.access.Access;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.access.Role;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps routes that no service stands behind for those whose token lets them read. Who is refused is logged. */
final class Readers {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final AccessControl access;

    Readers(AccessControl access) {
        this.access = access;
    }

    Route only(Supplier<Route> route) {
        if (access.openToAll()) {
            return route.get();
        }
        Route open = route.get();
        return extractRequest(request -> {
            String path = request.getUri().path();
            return switch (access.access(
                    request.getHeader("Authorization").map(HttpHeader::value), address(request), Role.READER, path)) {
                case Access.Granted granted -> open;
                case Access.Unauthenticated(String message) ->
                    complete(refused(path, StatusCodes.UNAUTHORIZED, message)
                            .addHeader(RawHeader.create("WWW-Authenticate", "Bearer")));
                case Access.Denied(String message) -> complete(refused(path, StatusCodes.FORBIDDEN, message));
                case Access.Limited(String message) -> complete(refused(path, StatusCodes.TOO_MANY_REQUESTS, message));
            };
        });
    }

    private static String address(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    private static HttpResponse refused(String path, StatusCode status, String message) {
        LOG.warn("{} refused: {}", path, message);
        return HttpResponse.create().withStatus(status).withEntity(Json.error(message));
    }
}
