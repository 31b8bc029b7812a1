package dev.triptych.runtime.http.api;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.StatusCodes;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps other sites' pages, which a browser may show beside the node's own, from asking for changes. A browser names
 * where a request comes from; and no form can send JSON, which everything else must.
 */
final class SameOrigin {

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private SameOrigin() {}

    /**
     * A page of another site is not of another origin once its name is made to mean this machine. A name that is no
     * address and not localhost is therefore only taken together with what says who asks, which such a page does not
     * have.
     *
     * @throws RefusedRequestException if the request is meant for another host
     */
    static void requireHost(HttpRequest request) {
        String host = header(request, "Host").replaceFirst(":\\d*$", "");
        boolean isAddress = host.startsWith("[") || ADDRESS.matcher(host).matches();
        boolean isLocal = host.isEmpty() || host.equals("localhost") || host.endsWith(".localhost");
        if (!isAddress && !isLocal && header(request, "Authorization").isEmpty()) {
            throw foreign("Host", host, "localhost, or this node's address");
        }
    }

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
