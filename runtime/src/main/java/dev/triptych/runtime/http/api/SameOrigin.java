package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.StatusCodes;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps other sites' pages, which a browser may show beside the node's own, from asking for changes. A browser names
 * where a request comes from; and no form can send JSON, which everything else must.
 */
final class SameOrigin {

    private SameOrigin() {}

    /** @throws RefusedRequestException if the request comes from a page of another origin, or is not JSON */
    static void require(HttpRequest request) {
        String site = header(request, "Sec-Fetch-Site");
        if (!Set.of("", "same-origin", "none").contains(site)) {
            throw foreign("Sec-Fetch-Site", site, "same-origin");
        }
        String origin = header(request, "Origin");
        String host = header(request, "Host");
        if (!origin.isEmpty() && !host.equalsIgnoreCase(authority(origin))) {
            throw foreign("Origin", origin, "this node's own, " + host);
        }
        if (!request.entity().getContentType().mediaType().toString().equals("application/json")) {
            throw new RefusedRequestException(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + request.entity().getContentType() + " (expected: application/json)",
                    Optional.of("Content-Type"));
        }
    }

    private static String authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority()).orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("").toLowerCase(Locale.ROOT);
    }

    private static RefusedRequestException foreign(String header, String value, String expected) {
        return new RefusedRequestException(
                StatusCodes.FORBIDDEN,
                header + ": " + value + " (expected: " + expected + "; pages of other sites change nothing here)",
                Optional.of(header));
    }
}
