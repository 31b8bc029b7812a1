package dev.triptych.runtime.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit is refused in JSON, with a status, the field's name and what would have been accepted. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class ApiRefusalsTest {

    private static final String READ = "/api/v1/systems/shop/entities/order/features:read";
    private static final String PREDICT = "/api/v1/systems/shop/deployments/returns:predict";
    private static final String ROWS = "/api/v1/systems/shop/views/placed/rows";
    private static final String LONG = "x".repeat(200);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/v1/nothing                            | 404 | path   | /openapi.json
            /api/v1/systems/shop/views//keys           | 404 | path   | /openapi.json
            /api/v1/systems/none/models                | 404 | system | one of shop
            /api/v1/systems/LONG/models                | 404 | system | one of shop
            /api/v1/runs/none                          | 404 | run_id | none
            /api/v1/runs?nope=1                        | 400 | nope   | limit
            /api/v1/runs?limit=many                    | 400 | limit  | a whole number
            /api/v1/runs?limit=5000                    | 400 | limit  | 1 to 1000
            /api/v1/runs?limit=99999999999             | 400 | limit  | a whole number
            /api/v1/runs?limit=1&limit=2               | 400 | limit  | one
            /api/v1/runs?kind=TRAINIG                  | 400 | kind   | TRAINING
            /api/v1/runs?kind.x=1                      | 400 | kind.x | one of
            /api/v1/runs?format=xml                    | 400 | format | csv
            /api/v1/systems/shop/predictions?since=NaN | 400 | since  | a time such as
            /api/v1/systems/shop/models/returns?model=x | 400 | model | in the path alone
            /api/v1/systems/shop/models/returns?format=csv | 406 | format | json
            /api/v1/systems?format=events              | 406 | format | json or csv
            /api/v1/systems/shop/entities/order/keys/none/story | 404 | key | written
            """)
    void questionsThatDoNotFit(String path, int status, String field, String says, Shop shop) {
        requireRefused(new Browser(shop.httpAddress()).get(path.replace("LONG", LONG)), status, field, says);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            READ    | {"keys": ["o1"], "featurs": []}      | 400 | featurs | features
            READ    | {"keys": "o1"}                       | 400 | keys    | an array
            READ    | {"keys": ["o1", {}]}                 | 400 | keys[1] | a text
            READ    | {"system": "shop", "keys": ["o1"]}   | 400 | system  | in the path alone
            READ    | {"keys": ["o1"], "asOf": "today"}    | 400 | asOf    | a time such as
            READ    | {"keys": ["o1"]                      | 400 | body    | JSON
            READ    | {"keys": ["o1"]} {}                  | 400 | body    | malformed JSON
            READ    | ["o1"]                               | 400 | body    | a JSON object
            READ    | {"keys": []}                         | 400 | keys    | 1 to 10000
            PREDICT | {"instances": [{"features": {"amount": {"float64": "much"}}}]} | 400 | instances[0].features.amount.float64 | a number
            PREDICT | {"instances": [{"features": {"amount": {"float64": NaN}}}]}    | 400 | body | JSON
            PREDICT | {"instances": [{"features": {"amount": {"float64": "NaN"}}}]}  | 400 | instances[0].features.amount | finite
            PREDICT | {"instances": [{"features": {"amount": {"float64": 1e999}}}]}  | 400 | instances[0].features.amount.float64 | a number
            PREDICT | {"instances": [{"features": {"amount": {"int64": 1.5}}}]}      | 400 | instances[0].features.amount.int64 | a whole number
            PREDICT | {"instances": [{"features": {"amount": 1.5}}]}                 | 400 | instances[0].features.amount | an object
            PREDICT | {"instances": [{"key": "nobody"}]}                             | 404 | instances[0].key | written
            ROWS    | {"rows": [{"key": "o1", "eventTime": "2026-01-01T00:00:00Z", "values": {"LONG": {}}}]} | 400 | rows[0].values.LONG | a feature of view placed
            """)
    void bodiesThatDoNotFit(String path, String body, int status, String field, String says, Shop shop) {
        String to = path.equals("READ") ? READ : path.equals("PREDICT") ? PREDICT : ROWS;

        HttpResponse<String> response = new Browser(shop.httpAddress()).post(to, body.replace("LONG", "x".repeat(100)));

        requireRefused(response, status, field.replace("LONG", "x".repeat(100)), says);
    }

    private static void requireRefused(HttpResponse<String> response, int status, String field, String says) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonNode refusal = Browser.json(response);
        assertThat(refusal.path("field").asText()).as(response.body()).isEqualTo(field);
        assertThat(refusal.path("error").asText()).startsWith(field + ": ").contains(says);
    }

    @Test
    void methodsThatAPathDoesNotHave(Shop shop) {
        HttpResponse<String> response = new Browser(shop.httpAddress()).send("PATCH", READ, "{}");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(Browser.json(response).path("error").asText()).contains("POST");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://elsewhere.example, 403",
        "Origin, null, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, same-origin, 200",
        "Sec-Fetch-Site, none, 200",
    })
    void pagesOfOtherSitesChangeNothing(String header, String value, int status, Shop shop) {
        HttpResponse<String> response =
                new Browser(shop.httpAddress()).post(PREDICT, "{\"instances\": [{\"key\": \"o9\"}]}", header, value);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    @Test
    void theNodesOwnPagesMayAsk(Shop shop) {
        HttpResponse<String> response = new Browser(shop.httpAddress())
                .post(PREDICT, "{\"instances\": [{\"key\": \"o9\"}]}", "Origin", "http://" + shop.httpAddress());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** The JDK's client says of itself what host it means, so the request is written by hand. */
    @ParameterizedTest
    @CsvSource({
        "elsewhere.example:8080, '', 403",
        "elsewhere.example:8080, 'Authorization: Bearer something', 200",
        "localhost:8080, '', 200",
        "127.0.0.1, '', 200",
        "[::1]:8080, '', 200",
    })
    void aNameThatWasMadeToMeanThisMachineIsNotTaken(String host, String header, int status, Shop shop)
            throws IOException {
        String[] address = shop.httpAddress().split(":");
        try (var socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            socket.getOutputStream()
                    .write(("GET /api/v1/systems HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                                    + (header.isEmpty() ? "" : header + "\r\n") + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void whatAFormCanSendIsNotTaken(Shop shop) {
        var browser = new Browser(shop.httpAddress());

        HttpResponse<String> text = browser.send(HttpRequest.newBuilder(browser.uri(PREDICT))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
        HttpResponse<String> nothing = browser.send(
                HttpRequest.newBuilder(browser.uri("/api/v1/runs/none:cancel")).POST(BodyPublishers.noBody()));

        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(nothing.statusCode()).isEqualTo(415);
    }

    @Test
    void bodiesLongerThanTheNodeReads(Shop shop) {
        HttpResponse<String> response =
                new Browser(shop.httpAddress()).post(READ, "{\"keys\": [\"" + "x".repeat(17 << 20) + "\"]}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Browser.json(response).path("error").asText()).contains("triptych.request-bytes-max");
    }

    @Test
    void markupInAnAnswerIsNoMarkup(Shop shop) {
        HttpResponse<String> response =
                new Browser(shop.httpAddress()).get("/api/v1/systems/%3Cscript%3Ealert(1)%3C%2Fscript%3E/models");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).doesNotContain("<");
        assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }
}
