package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.reject;

import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The web pages at {@code /}, out of {@code web/} on the class path, and the libraries they use at {@code /webjars}. A
 * browser may load and run what this node serves, and nothing else.
 */
final class PageRoutes {

    private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';"
            + " frame-ancestors 'none'; img-src 'self' data:";

    /** Its path holds its version. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    /** Asked for again each time, and not sent again if unchanged. */
    private static final String REVALIDATED = "no-cache";

    /** What was asked for and is there; so no longer than the class path. */
    private final ConcurrentMap<String, WebFile> files = new ConcurrentHashMap<>();

    Route route() {
        return extractRequest(request -> {
            List<String> segments = ImmutableList.copyOf(request.getUri().pathSegments());
            return switch (request.method().name()) {
                case "GET", "HEAD" ->
                    file(segments)
                            .<Route>map(file -> complete(response(file, segments, request)))
                            .orElseGet(Directives::reject);
                default -> reject();
            };
        });
    }

    private Optional<WebFile> file(List<String> segments) {
        if (segments.stream().anyMatch(PageRoutes::isNoName)) {
            return segments.equals(List.of("")) ? cached("web/index.html") : Optional.empty();
        }
        return switch (segments.size()) {
            case 0 -> cached("web/index.html");
            default -> cached(isLibrary(segments) ? library(segments) : "web/" + String.join("/", segments));
        };
    }

    private static boolean isLibrary(List<String> segments) {
        return segments.getFirst().equals("webjars");
    }

    private static String library(List<String> segments) {
        return "META-INF/resources/" + String.join("/", segments);
    }

    /** What would lead somewhere else. */
    private static boolean isNoName(String segment) {
        return segment.isEmpty()
                || segment.startsWith(".")
                || segment.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ');
    }

    private Optional<WebFile> cached(String resource) {
        WebFile known = files.get(resource);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<WebFile> read = WebFile.read(resource);
        read.ifPresent(file -> files.putIfAbsent(resource, file));
        return read;
    }

    private static HttpResponse response(WebFile file, List<String> segments, HttpRequest request) {
        HttpResponse headers = HttpResponse.create()
                .addHeader(RawHeader.create("ETag", "W/\"" + file.tag() + "\""))
                .addHeader(RawHeader.create("Vary", "Accept-Encoding"))
                .addHeader(RawHeader.create(
                        "Cache-Control", !segments.isEmpty() && isLibrary(segments) ? FOR_EVER : REVALIDATED))
                .addHeader(RawHeader.create("Content-Security-Policy", POLICY));
        if (header(request, "If-None-Match").contains("W/\"" + file.tag() + "\"")) {
            return headers.withStatus(StatusCodes.NOT_MODIFIED);
        }
        if (file.zipped().isPresent() && header(request, "Accept-Encoding").contains("gzip")) {
            return headers.addHeader(RawHeader.create("Content-Encoding", "gzip"))
                    .withEntity(HttpEntities.create(file.type(), file.zipped().get()));
        }
        return headers.withEntity(HttpEntities.create(file.type(), file.content()));
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }
}
