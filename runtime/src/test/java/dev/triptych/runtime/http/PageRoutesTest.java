package dev.triptych.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of pages and libraries, as a browser gets them. The oracle is the file on the class path. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class PageRoutesTest {

    private static final String PAGE = "/test/page.js";

    @Test
    void sendsTheFileAndSaysWhatItMayDo(Shop shop) throws Exception {
        HttpResponse<byte[]> response = get(shop, PAGE);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(resource("web/test/page.js"));
        assertThat(header(response, "content-type")).isEqualTo("application/javascript; charset=UTF-8");
        assertThat(header(response, "content-security-policy"))
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(response, "referrer-policy")).isEqualTo("no-referrer");
    }

    @Test
    void sendsItZippedAndOnlyOnce(Shop shop) throws Exception {
        HttpResponse<byte[]> zipped = get(shop, PAGE, "Accept-Encoding", "gzip, br");
        HttpResponse<byte[]> again = get(shop, PAGE, "If-None-Match", header(zipped, "etag"));

        assertThat(header(zipped, "content-encoding")).isEqualTo("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(resource("web/test/page.js"));
        assertThat(header(zipped, "cache-control")).isEqualTo("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void librariesAreKeptForEver(Shop shop) throws Exception {
        HttpResponse<byte[]> response = get(shop, "/webjars/test/1.0/page.css");

        assertThat(response.body()).isEqualTo(resource("META-INF/resources/webjars/test/1.0/page.css"));
        assertThat(header(response, "content-type")).isEqualTo("text/css; charset=UTF-8");
        assertThat(header(response, "cache-control")).contains("immutable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none.js",
                "/test",
                "/test/",
                "/..%2Fapplication.conf",
                "/%2e%2e/application.conf",
                "/..%2F..%2Flogback.xml",
                "/test%2Fpage.js",
                "/webjars/..%2F..%2Fapplication.conf",
                "/webjars",
                "/application.conf",
            })
    void whatIsNoPageIsNotFound(String path, Shop shop) throws Exception {
        HttpResponse<byte[]> response = get(shop, path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "content-type")).isEqualTo("application/json");
    }

    private static HttpResponse<byte[]> get(Shop shop, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + shop.httpAddress() + path));
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
        }
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PageRoutesTest.class.getClassLoader().getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
