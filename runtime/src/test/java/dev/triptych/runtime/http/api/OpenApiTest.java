package dev.triptych.runtime.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the document says is so. The oracles are OpenAPI's own schema, and the node's answers. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class OpenApiTest {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    /** Values of variables in paths, for which the shop has an answer. */
    private static final Map<String, String> VALUES = Map.of(
            "system", "shop",
            "view", "placed",
            "entity", "order",
            "key", "o9",
            "model", "returns",
            "version", "1",
            "alias", "champion",
            "deployment", "returns");

    /** What a question cannot be asked without. */
    private static final Map<String, String> QUERIES = Map.of("AuditService_Compare", "?version=1");

    @Test
    void theDocumentIsOpenApi(Shop shop) throws IOException {
        JsonSchema openApi;
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi-3.1.json")) {
            openApi = SCHEMAS.getSchema(Objects.requireNonNull(in));
        }

        assertThat(openApi.validate(document(shop))).isEmpty();
    }

    @Test
    void saysWhatTheContractSays(Shop shop) {
        JsonNode document = document(shop);

        assertThat(document.path("paths")
                        .path("/api/v1/runs/{run_id}/watch")
                        .path("get")
                        .path("description")
                        .asText())
                .isEqualTo("Sends the run whenever it has moved, and ends when it has ended.");
        JsonNode limits = document.path("components").path("schemas").path("DeploymentLimits");
        assertThat(limits.path("properties")
                        .path("deadline")
                        .path("description")
                        .asText())
                .startsWith("An answer takes so long at most");
    }

    @Test
    void everyQuestionIsAnsweredAsItSays(Shop shop) {
        JsonNode document = document(shop);
        var browser = new Browser(shop.httpAddress());
        String prediction = predict(browser);
        for (Documented each : operations(document, "get")) {
            String path = each.path(shop).replace("{id}", prediction) + QUERIES.getOrDefault(each.id(), "");
            JsonNode content = each.json().path("responses").path("200").path("content");
            if (content.has("application/x-ndjson")) {
                try (Stream<String> lines = browser.lines(path)) {
                    String first =
                            lines.filter(line -> !line.isEmpty()).findFirst().orElseThrow();
                    assertThat(mistakes(document, content.path("application/x-ndjson"), Browser.json(first)))
                            .as(path + ": " + first)
                            .isEmpty();
                }
                continue;
            }
            HttpResponse<String> response = browser.get(path);
            assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
            String type = response.headers().firstValue("content-type").orElseThrow();
            assertThat(content.has(type.replaceFirst(";.*", "")))
                    .as(path + ": " + type)
                    .isTrue();
            if (type.equals("application/json")) {
                assertThat(mistakes(document, content.path(type), Browser.json(response)))
                        .as(path + ": " + response.body())
                        .isEmpty();
            }
        }
    }

    @Test
    void everyChangeIsHeardAsItSays(Shop shop) {
        JsonNode document = document(shop);
        for (String method : List.of("post", "patch")) {
            for (Documented each : operations(document, method)) {
                // Of nothing that exists, and without what it needs: what is refused is refused by the service.
                String path = each.path(shop).replace("/o9", "/nobody");
                HttpResponse<String> response = new Browser(shop.httpAddress()).send(method.toUpperCase(), path, "{}");

                assertThat(response.statusCode())
                        .as(path + ": " + response.body())
                        .isLessThan(500);
                JsonNode answer = Browser.json(response);
                assertThat(answer.path("field").asText())
                        .as(path)
                        .isNotEqualTo("path")
                        .isNotEqualTo("body");
                String told = response.statusCode() == 200 ? "200" : "default";
                JsonNode content =
                        each.json().path("responses").path(told).path("content").path("application/json");
                assertThat(mistakes(document, content, answer))
                        .as(path + ": " + response.body())
                        .isEmpty();
            }
        }
    }

    private static String predict(Browser browser) {
        HttpResponse<String> predicted = browser.post(
                "/api/v1/systems/shop/deployments/returns:predict", "{\"instances\": [{\"key\": \"o9\"}]}");
        return Browser.json(predicted).findPath("id").asText();
    }

    private static JsonNode document(Shop shop) {
        HttpResponse<String> response = new Browser(shop.httpAddress()).get("/openapi.json");
        assertThat(response.statusCode()).isEqualTo(200);
        return Browser.json(response);
    }

    private record Documented(String template, JsonNode json) {
        String id() {
            return json.path("operationId").asText();
        }

        String path(Shop shop) {
            var values = new LinkedHashMap<>(VALUES);
            values.put(
                    "run_id",
                    shop.client()
                            .model("returns")
                            .getVersions(0)
                            .getProvenance()
                            .getRunId());
            String path = template;
            for (var value : values.entrySet()) {
                path = path.replace(
                        "{" + value.getKey() + "}", URLEncoder.encode(value.getValue(), StandardCharsets.UTF_8));
            }
            return path;
        }
    }

    private static List<Documented> operations(JsonNode document, String method) {
        var operations = new ArrayList<Documented>();
        document.path("paths").fields().forEachRemaining(path -> {
            if (path.getValue().has(method)) {
                operations.add(new Documented(path.getKey(), path.getValue().path(method)));
            }
        });
        assertThat(operations).isNotEmpty();
        return operations;
    }

    private static Set<ValidationMessage> mistakes(JsonNode document, JsonNode media, JsonNode answer) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.setAll((ObjectNode) media.path("schema"));
        schema.set("components", document.path("components"));
        return SCHEMAS.getSchema(schema).validate(answer);
    }
}
