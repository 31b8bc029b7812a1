package dev.triptych.runtime.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.opencsv.CSVReader;
import com.opencsv.exceptions.CsvException;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureHistoryResponse;
import dev.triptych.v1.GetDeploymentRequest;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.Happening;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.ListKeysResponse;
import dev.triptych.v1.ListModelsRequest;
import dev.triptych.v1.ListModelsResponse;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListPredictionsResponse;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.ListRunsResponse;
import dev.triptych.v1.ListSystemsRequest;
import dev.triptych.v1.ListSystemsResponse;
import dev.triptych.v1.Model;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReadFeaturesResponse;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.ShowEntityRequest;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP and JSON say what gRPC says. The oracle is gRPC's answer to the same question, read back from the JSON. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class ApiAnswersTest {

    /** @param grpc the same question to another port */
    private record Question(String path, Message.Builder answer, Function<Client, Message> grpc) {
        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Question> questions() {
        return Stream.of(
                new Question(
                        "/api/v1/systems",
                        ListSystemsResponse.newBuilder(),
                        client -> client.pipelines().listSystems(ListSystemsRequest.getDefaultInstance())),
                new Question(
                        "/api/v1/runs?system=shop&kind=TRAINING&limit=5",
                        ListRunsResponse.newBuilder(),
                        client -> client.pipelines()
                                .listRuns(ListRunsRequest.newBuilder()
                                        .setSystem("shop")
                                        .setKind(PipelineKind.TRAINING)
                                        .setLimit(5)
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/runs?kind=FEATURE&pipeline=&limit=",
                        ListRunsResponse.newBuilder(),
                        client -> client.pipelines()
                                .listRuns(ListRunsRequest.newBuilder()
                                        .setSystem("shop")
                                        .setKind(PipelineKind.FEATURE)
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/views/placed/keys?after=o3&limit=2",
                        ListKeysResponse.newBuilder(),
                        client -> client.features()
                                .listKeys(ListKeysRequest.newBuilder()
                                        .setSystem("shop")
                                        .setView("placed")
                                        .setAfter("o3")
                                        .setLimit(2)
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/views/placed/keys/o9/history",
                        FeatureHistoryResponse.newBuilder(),
                        client -> client.features()
                                .history(FeatureHistoryRequest.newBuilder()
                                        .setSystem("shop")
                                        .setView("placed")
                                        .setKey("o9")
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/models",
                        ListModelsResponse.newBuilder(),
                        client -> client.registry()
                                .listModels(ListModelsRequest.newBuilder()
                                        .setSystem("shop")
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/models/returns",
                        Model.newBuilder(),
                        client -> client.registry()
                                .getModel(GetModelRequest.newBuilder()
                                        .setSystem("shop")
                                        .setModel("returns")
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/deployments/returns",
                        ServedDeployment.newBuilder(),
                        client -> client.deployments()
                                .getDeployment(GetDeploymentRequest.newBuilder()
                                        .setSystem("shop")
                                        .setDeployment("returns")
                                        .build())),
                new Question(
                        "/api/v1/systems/shop/predictions?until=2026-01-01T02%3A00%3A00%2B02%3A00",
                        ListPredictionsResponse.newBuilder(),
                        client -> client.predictions()
                                .listPredictions(ListPredictionsRequest.newBuilder()
                                        .setSystem("shop")
                                        .setUntil(Client.time("2026-01-01T00:00:00Z"))
                                        .build())));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void jsonSaysWhatGrpcSays(Question question, Shop shop) throws InvalidProtocolBufferException {
        HttpResponse<String> response = new Browser(shop.httpAddress()).get(question.path());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonFormat.parser().merge(response.body(), question.answer());
        assertThat(question.answer().build()).isEqualTo(question.grpc().apply(shop.client()));
    }

    @Test
    void readsWhatItWrote(Shop shop) throws InvalidProtocolBufferException {
        var browser = new Browser(shop.httpAddress());
        // Slashes, dots and what URLs use for themselves; as long as a key may be or so.
        String key = "api/ä %?&#:erase" + "x".repeat(180);

        HttpResponse<String> written = browser.post("/api/v1/systems/shop/views/placed/rows", """
                {"rows": [{"key": "%s", "eventTime": "2026-02-01T00:00:00Z",
                           "values": {"amount": {"float64": 1e300}, "items": {"int64": "9007199254740993"},
                                      "country": {"null": null}}}],
                 "write_id": "either name"}""".formatted(key));
        HttpResponse<String> read = browser.post(
                "/api/v1/systems/shop/entities/order/features:read",
                "{\"keys\": [\"" + key + "\"], \"features\": [\"placed\"], \"asOf\": \"2026-02-01T00:00:00Z\"}");
        var answer = ReadFeaturesResponse.newBuilder();
        JsonFormat.parser().merge(read.body(), answer);

        assertThat(Browser.json(written).path("rowsWritten").asText()).isEqualTo("1");
        assertThat(answer.build())
                .isEqualTo(shop.client()
                        .features()
                        .read(ReadFeaturesRequest.newBuilder()
                                .setSystem("shop")
                                .setEntity("order")
                                .addKeys(key)
                                .addFeatures("placed")
                                .setAsOf(Client.time("2026-02-01T00:00:00Z"))
                                .build()));
        JsonNode values = Browser.json(read).path("vectors").path(0).path("values");
        assertThat(values.path(0).path("value").path("float64").asDouble()).isEqualTo(1e300);
        assertThat(values.path(1).path("value").path("int64").asText()).isEqualTo("9007199254740993");
        assertThat(values.path(2).path("status").asText()).isEqualTo("NULL_VALUE");

        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(Browser.json(browser.get("/api/v1/systems/shop/views/placed/keys/" + encoded + "/history"))
                        .path("rows")
                        .size())
                .isEqualTo(1);
        // The number is more than a model's library takes, and the shop is shared.
        assertThat(browser.post(
                                "/api/v1/systems/shop/entities/order/keys/" + encoded + ":erase",
                                "{\"by\": \"test\", \"reason\": \"read\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void predictsAndTellsOfIt(Shop shop) {
        var browser = new Browser(shop.httpAddress());

        HttpResponse<String> predicted = browser.post("/api/v1/systems/shop/deployments/returns:predict", """
                {"instances": [{"features": {"amount": {"float64": 30}, "items": {"int64": 1},
                                             "country": {"text": "se"}}}], "explain": true}""");
        JsonNode prediction = Browser.json(predicted).path("predictions").path(0);
        String id = prediction.path("id").asText();
        HttpResponse<String> replayed = browser.get("/api/v1/systems/shop/replay?id=" + id);

        assertThat(predicted.statusCode()).as(predicted.body()).isEqualTo(200);
        assertThat(prediction.path("explanation").fieldNames()).toIterable().contains("true", "false");
        assertThat(Browser.json(replayed).path("identical").asBoolean())
                .as(replayed.body())
                .isTrue();
    }

    @Test
    void streamsLinesOrEvents(Shop shop) throws InvalidProtocolBufferException {
        var browser = new Browser(shop.httpAddress());
        var asked = ShowEntityRequest.newBuilder()
                .setSystem("shop")
                .setEntity("order")
                .setKey("o1")
                .build();
        var story = new ArrayList<Happening>();
        shop.client().audit().show(asked).forEachRemaining(story::add);

        HttpResponse<String> lines = browser.get("/api/v1/systems/shop/entities/order/keys/o1/story");
        HttpResponse<String> events =
                browser.get("/api/v1/systems/shop/entities/order/keys/o1/story", "Accept", "text/event-stream");

        assertThat(lines.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        assertThat(messages(lines.body().lines())).isEqualTo(story);
        assertThat(events.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(messages(events.body()
                        .lines()
                        .filter(line -> line.startsWith("data: ") && !line.equals("data: {}"))
                        .map(line -> line.substring(6))))
                .isEqualTo(story);
        assertThat(events.body()).endsWith("\n\nevent: end\ndata: {}\n\n");
    }

    private static List<Happening> messages(Stream<String> lines) {
        return lines.map(line -> {
                    var message = Happening.newBuilder();
                    try {
                        JsonFormat.parser().merge(line, message);
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalArgumentException(line, e);
                    }
                    return message.build();
                })
                .toList();
    }

    @Test
    void watchesARunToItsEnd(Shop shop) {
        var browser = new Browser(shop.httpAddress());

        JsonNode run = Browser.json(browser.post("/api/v1/systems/shop/runs", "{\"kind\": \"FEATURE\"}"));
        String runId = run.path("runId").asText();
        List<String> moves = browser.lines("/api/v1/runs/" + runId + "/watch").toList();

        PipelineRun.State last = PipelineRun.State.valueOf(
                Browser.json(moves.getLast()).path("state").asText());
        assertThat(last).isEqualTo(PipelineRun.State.COMPLETED);
        assertThat(Browser.json(browser.get("/api/v1/runs/" + runId))).isEqualTo(Browser.json(moves.getLast()));
    }

    @Test
    void listsAreTablesToo(Shop shop) throws IOException, CsvException {
        var browser = new Browser(shop.httpAddress());

        HttpResponse<String> response =
                browser.get("/api/v1/systems/shop/views/placed/keys/o2/history", "Accept", "text/csv");
        List<String[]> table = new CSVReader(new StringReader(response.body())).readAll();

        assertThat(response.headers().firstValue("content-type")).hasValue("text/csv; charset=UTF-8");
        assertThat(table.getFirst())
                .containsExactly(
                        "eventTime", "ingestTime", "sequenceNr", "values.amount", "values.country", "values.items");
        assertThat(table.get(1)[0]).isEqualTo("2026-01-02T10:00:00Z");
        assertThat(List.of(table.get(1)).subList(3, 6)).containsExactly("310.0", "pl", "7");
        assertThat(browser.get("/api/v1/systems/shop/entities/order/keys/o2/story?format=csv")
                        .body())
                .startsWith("at,rows.view,")
                .contains(",placed,");
        assertThat(browser.get("/api/v1/systems/shop/views/placed/keys?after=o0&limit=2&format=csv")
                        .body())
                .isEqualTo("keys\r\no1\r\no2\r\n");
    }
}
