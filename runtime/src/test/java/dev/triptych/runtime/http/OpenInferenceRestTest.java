package dev.triptych.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.InferParameter;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferRequest.InferInputTensor;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.runtime.http.Rest.Answer;
import dev.triptych.v1.Contributions;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol's REST form on a real node. The oracles are the specification's own examples and gRPC's answers, bit for bit. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class OpenInferenceRestTest {

    private static final String INFER = "/v2/models/returns/infer";

    /** The specification's first example, with this model's tensors in place of its own. */
    private static final String EXAMPLE = """
            {
              "id" : "42",
              "inputs" : [
                {
                  "name" : "items",
                  "shape" : [ 2, 1 ],
                  "datatype" : "UINT32",
                  "data" : [ 1, 7 ]
                },
                {
                  "name" : "amount",
                  "shape" : [ 2 ],
                  "datatype" : "FP64",
                  "data" : [ 30.0, 310.25 ]
                }
              ],
              "outputs" : [
                {
                  "name" : "scores"
                }
              ]
            }
            """;

    @Test
    void serverAndModelAreLiveAndReady(Shop shop) {
        var rest = new Rest(shop.httpAddress());

        assertThat(rest.get("/v2/health/live")).isEqualTo(new Answer(200, Rest.json("{\"live\": true}")));
        assertThat(rest.get("/v2/health/ready")).isEqualTo(new Answer(200, Rest.json("{\"ready\": true}")));
        for (String model : List.of("returns", "shop.returns")) {
            var ready = new Answer(200, Rest.json("{\"name\": \"" + model + "\", \"ready\": true}"));
            assertThat(rest.get("/v2/models/" + model + "/ready")).isEqualTo(ready);
            assertThat(rest.get("/v2/models/" + model + "/versions/1/ready")).isEqualTo(ready);
        }
        assertThat(rest.get("/v2").json().get("name").asText()).isEqualTo("triptych");
        assertThat(rest.get("/v2/").json().get("extensions"))
                .isEqualTo(Rest.json("[\"entity_key\", \"explain\", \"binary_tensor_data\"]"));
    }

    @Test
    void metadataHasTheFieldsOfTheSpecification(Shop shop) {
        var rest = new Rest(shop.httpAddress());
        Answer described = rest.get("/v2/models/returns/versions/1");

        assertThat(described).isEqualTo(rest.get("/v2/models/returns"));
        assertThat(described.json().get("platform").asText()).isEqualTo("triptych");
        assertThat(described.json().get("versions").get(0).asText()).isEqualTo("1");
        assertThat(described.json().get("inputs")).isEqualTo(Rest.json("""
                [{"name": "placed.amount", "datatype": "FP64", "shape": [-1]},
                 {"name": "placed.items", "datatype": "INT64", "shape": [-1]},
                 {"name": "placed.country", "datatype": "BYTES", "shape": [-1]}]"""));
        assertThat(described.json().get("outputs")).isEqualTo(Rest.json("""
                [{"name": "prediction", "datatype": "BYTES", "shape": [-1]},
                 {"name": "scores", "datatype": "FP64", "shape": [-1, 2]},
                 {"name": "prediction_id", "datatype": "BYTES", "shape": [-1]}]"""));
    }

    @Test
    void theSpecificationsExampleIsAnsweredAsItSays(Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).post(INFER, EXAMPLE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Lists.newArrayList(answer.json().fieldNames()))
                .containsExactlyInAnyOrder("model_name", "model_version", "id", "outputs");
        assertThat(answer.json().get("id").asText()).isEqualTo("42");
        assertThat(answer.json().get("outputs")).hasSize(1);
        JsonNode output = answer.json().get("outputs").get(0);
        assertThat(Lists.newArrayList(output.fieldNames()))
                .containsExactlyInAnyOrder("name", "shape", "datatype", "data");
        assertThat(output.get("name").asText()).isEqualTo("scores");
        assertThat(output.get("shape")).isEqualTo(Rest.json("[2, 2]"));
        assertThat(output.get("datatype").asText()).isEqualTo("FP64");
        assertThat(output.get("data")).hasSize(4);
    }

    @Test
    void nestedDataAndOtherOrdersOfMembersAreTheSameQuestion(Shop shop) {
        var rest = new Rest(shop.httpAddress());
        String nested = """
                {"outputs": [{"parameters": {"binary_data": false}, "name": "scores"}],
                 "inputs": [{"data": [[1], [7]], "datatype": "UINT32", "shape": [2, 1], "name": "items"},
                            {"parameters": {}, "data": [3e1, 310.25], "name": "amount", "datatype": "FP64", "shape": [2]}],
                 "parameters": {"priority": 1, "other": {"deep": [1, {}]}}, "model_name": "returns", "id": null}
                """;

        assertThat(data(rest.post(INFER, nested), "scores")).isEqualTo(data(rest.post(INFER, EXAMPLE), "scores"));
    }

    @ParameterizedTest
    @CsvSource({"FP64", "FP32"})
    void scoresAndContributionsAreGrpcsBitForBit(String datatype, Shop shop) {
        var amounts = new Random(7).doubles(50, 0, 400).boxed().collect(Collectors.toCollection(ArrayList::new));
        amounts.addAll(List.of(-0.0, 0.1, 1e-300, 1e30, 4.9e-324));
        if (datatype.equals("FP32")) {
            amounts.replaceAll(amount -> (double) amount.floatValue());
        }
        var contents = InferTensorContents.newBuilder();
        amounts.forEach(amount -> {
            if (datatype.equals("FP32")) {
                contents.addFp32Contents(amount.floatValue());
            } else {
                contents.addFp64Contents(amount);
            }
        });
        ModelInferResponse grpc = protocol(shop)
                .modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("returns")
                        .putParameters(
                                "explain",
                                InferParameter.newBuilder().setBoolParam(true).build())
                        .addInputs(InferInputTensor.newBuilder()
                                .setName("amount")
                                .setDatatype(datatype)
                                .addShape(amounts.size())
                                .setContents(contents))
                        .build());
        String numbers = amounts.stream()
                .map(amount -> datatype.equals("FP32") ? Float.toString(amount.floatValue()) : Double.toString(amount))
                .collect(Collectors.joining(","));

        Answer rest = new Rest(shop.httpAddress())
                .post(
                        INFER,
                        "{\"parameters\": {\"explain\": true}, \"inputs\": [{\"name\": \"amount\", \"datatype\": \""
                                + datatype + "\", \"shape\": [" + amounts.size() + "], \"data\": [" + numbers + "]}]}");

        for (String output : List.of("scores", "contributions")) {
            assertThat(bits(numbers(rest, output)))
                    .as(output)
                    .isEqualTo(bits(tensor(grpc, output).getContents().getFp64ContentsList().stream()
                            .mapToDouble(Double::doubleValue)));
            assertThat(tensor(rest, output).get("shape").toString().replace(",", ", "))
                    .isEqualTo(tensor(grpc, output).getShapeList().toString());
        }
    }

    @Test
    void contributionsAreThoseOfTriptychsOwnService(Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).post(INFER, """
                {"inputs": [{"name": "amount", "shape": [1], "datatype": "FP64", "data": [290.5]},
                            {"name": "country", "shape": [1], "datatype": "BYTES", "data": ["se"]}],
                 "outputs": [{"name": "contributions"}]}""");
        var own = shop.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .setExplain(true)
                        .addInstances(Instance.newBuilder()
                                .putFeatures(
                                        "amount",
                                        Value.newBuilder().setFloat64(290.5).build())
                                .putFeatures(
                                        "country",
                                        Value.newBuilder().setText("se").build()))
                        .build())
                .getPredictions(0);

        assertThat(answer.json().get("outputs")).hasSize(1);
        assertThat(tensor(answer, "contributions").get("shape")).isEqualTo(Rest.json("[1, 2, 4]"));
        var expected = new ArrayList<Double>();
        for (String outcome : List.of("false", "true")) {
            Contributions told = own.getExplanationOrThrow(outcome);
            for (String input : List.of("placed.amount", "placed.items", "placed.country")) {
                expected.add(told.getByFeatureOrThrow(input));
            }
            expected.add(told.getBase());
        }
        assertThat(numbers(answer, "contributions").boxed().toList()).isEqualTo(expected);
    }

    /** The specification's example of Triton's extension: JSON, and behind it each tensor's bytes. */
    @Test
    void binaryDataIsTheSameQuestionAndIsAnsweredInBinary(Shop shop) {
        byte[] json = """
                { "inputs" : [
                    { "name" : "items", "shape" : [ 2, 1 ], "datatype" : "UINT32", "parameters" : { "binary_data_size" : 8 } },
                    { "name" : "amount", "shape" : [ 2 ], "datatype" : "FP64", "data" : [ 30.0, null ] },
                    { "name" : "country", "shape" : [ 2 ], "datatype" : "BYTES", "parameters" : { "binary_data_size" : 12 } } ],
                  "outputs" : [ { "name" : "scores", "parameters" : { "binary_data" : true } } ] }
                """.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(json.length + 20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(json)
                .putInt(1)
                .putInt(7);
        for (String country : List.of("se", "pl")) {
            body.putInt(2).put(country.getBytes(StandardCharsets.UTF_8));
        }
        Answer inJson = new Rest(shop.httpAddress()).post(INFER, """
                {"inputs": [{"name": "items", "shape": [2], "datatype": "INT8", "data": [1, 7]},
                            {"name": "amount", "shape": [2], "datatype": "FP64", "data": [30.0, null]},
                            {"name": "country", "shape": [2], "datatype": "BYTES", "data": ["se", "pl"]}]}""");

        var response = new Rest(shop.httpAddress()).post(INFER, body.array(), json.length);

        assertThat(response.statusCode()).isEqualTo(200);
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode output = Rest.json(new String(response.body(), 0, length, StandardCharsets.UTF_8))
                .get("outputs")
                .get(0);
        assertThat(output.get("parameters").get("binary_data_size").asInt()).isEqualTo(32);
        var scores = ByteBuffer.wrap(response.body(), length, 32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer();
        assertThat(bits(DoubleStream.generate(scores::get).limit(4))).isEqualTo(bits(numbers(inJson, "scores")));
        assertThat(response.body()).hasSize(length + 32);
    }

    @Test
    void aTensorOfKeysMakesTheNodeLookTheFeaturesUp(Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).post("/v2/models/shop.returns/versions/1/infer", """
                {"parameters": {"entity_key": "order"},
                 "inputs": [{"name": "order", "shape": [2], "datatype": "BYTES", "data": ["o1", "o2"]}]}""");
        ModelInferResponse grpc = protocol(shop)
                .modelInfer(ModelInferRequest.newBuilder()
                        .setModelName("returns")
                        .putParameters(
                                "entity_key",
                                InferParameter.newBuilder()
                                        .setStringParam("order")
                                        .build())
                        .addInputs(InferInputTensor.newBuilder()
                                .setName("order")
                                .setDatatype("BYTES")
                                .addShape(2)
                                .setContents(InferTensorContents.newBuilder()
                                        .addBytesContents(ByteString.copyFromUtf8("o1"))
                                        .addBytesContents(ByteString.copyFromUtf8("o2"))))
                        .build());

        assertThat(numbers(answer, "scores").boxed().toList())
                .isEqualTo(tensor(grpc, "scores").getContents().getFp64ContentsList());
        assertThat(data(answer, "prediction").get(1).asText())
                .isEqualTo(tensor(grpc, "prediction")
                        .getContents()
                        .getBytesContents(1)
                        .toStringUtf8());
    }

    /** Each row takes the first text out of the example, and puts the second in its place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[ 2 ]          | [ 2, 3 ]            | 400 | inputs[1] amount.shape: [2, 3] (expected: [rows] or [rows, 1]",
                "[ 2 ]          | [ 3 ]               | 400 | inputs[1] amount.shape: [3] (expected: [2], as before",
                "[ 2, 1 ]       | [ 2000 ]            | 400 | with 1 to 1000 rows",
                "[ 2, 1 ]       | [ 1.5 ]             | 400 | inputs[0].shape[0]: 1.5 (expected: a whole number",
                "[ 2, 1 ]       | [ 99999999999999999999 ] | 400 | inputs[0].shape[0]",
                "FP64           | FP128               | 400 | inputs[1] amount.datatype: FP128",
                "FP64           | FP16                | 400 | inputs[1] amount.data[0]: FP16 outside binary data",
                "[ 1, 7 ]       | [ 1 ]               | 400 | inputs[0] items.data: 1 elements (expected: 2, as its shape says",
                "[ 1, 7 ]       | [ 1, -7 ]           | 400 | inputs[0] items.data[1]: -7 is not within 0 to 4294967295",
                "[ 1, 7 ]       | [ 1, 7.0 ]          | 400 | inputs[0] items.data[1]: 7.0",
                "[ 1, 7 ]       | [ 1, `7` ]          | 400 | inputs[0] items.data[1]",
                "[ 1, 7 ]       | [ [1], 7 ]          | 400 | inputs[0].data[1]",
                "[ 1, 7 ]       | [ [1, 7] ]          | 400 | inputs[0].data[0]: more than one element",
                "[ 1, 7 ]       | [ [[1]], 7 ]        | 400 | inputs[0].data[0]: an object or array",
                "[ 1, 7 ]       | 1                   | 400 | inputs[0].data: 1 (expected: an array",
                "30.0,          | NaN,                | 400 | inputs[1] amount.data[0]: NaN",
                "30.0,          | -Infinity,          | 400 | inputs[1] amount.data[0]: -Infinity",
                "30.0,          | 1e999,              | 400 | inputs[1] amount.data[0]: 1e999",
                "30.0,          | true,               | 400 | inputs[1] amount.data[0]: true",
                "30.0,          | 30.0 30.0,          | 400 | body at line 14",
                "`id`           | `inputs`: [], `id`  | 400 | body at line",
                "`42`           | 42                  | 400 | id: 42 (expected: a string",
                "`42`           | `\\ud83d`           | 400 | id: half of a surrogate pair",
                "`items`        | `amount`            | 400 | inputs[1] amount: given twice",
                "`items`        | `itmes`             | 400 | itmes",
                "`scores`       | `probabilities`     | 400 | outputs[0].name: probabilities (expected: one of",
                "`data`         | `parameters`: {`binary_data_size`: 8}, `more` | 400 | inputs[0].parameters.binary_data_size: 8 with 0 bytes left",
                "`outputs`      | `parameters`: {`explain`: `yes`}, `outputs`   | 400 | parameters.explain: yes (expected: true or false",
                "`outputs`      | `parameters`: {`entity_key`: 1}, `outputs`    | 400 | parameters.entity_key: 1 (expected: a string",
                "`outputs`      | `parameters`: {`entity_key`: `items`}, `outputs` | 400 | inputs: [items, amount] (expected: items alone",
            })
    void aRequestThatDoesNotFitIsRefusedWithItsPlace(String out, String in, int status, String says, Shop shop) {
        String changed = EXAMPLE.replaceFirst(
                Pattern.quote(out.replace('`', '"')), Matcher.quoteReplacement(in.replace('`', '"')));
        var rest = new Rest(shop.httpAddress());

        Answer answer = rest.post(INFER, changed);

        assertThat(changed).isNotEqualTo(EXAMPLE);
        assertThat(answer.error()).contains(says).contains("(expected: ");
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~",
                "[]",
                "{",
                "nonsense",
                "{\"inputs\": []}",
                "{} {}",
                "{\"inputs\": {}}",
                "{\"inputs\": [1]}",
                "\"\\ud83d\""
            })
    void whatIsNoRequestIsRefused(String body, Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).post(INFER, body == null ? "" : body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("(expected: ");
    }

    @Test
    void aBodyOfBracketsIsRefusedWithoutReadingItAll(Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).post(INFER, "{\"other\":" + "[".repeat(5_000_000));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("other: more than 32 levels");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/refunds, model: refunds",
        "/v2/models/refunds/ready, model: refunds",
        "/v2/models/returns/versions/99, version: 99",
        "/v2/models/returns/versions/99/ready, version: 99",
        "/v2/models/returns/versions/newest/ready, version: newest",
        "/v2/models/returns/versions, could not be found",
        "/v3, could not be found",
    })
    void whatIsNotThereIsNotFound(String path, String says, Shop shop) {
        Answer answer = new Rest(shop.httpAddress()).get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).contains(says);
    }

    @Test
    void aKeyAModelOrAVersionThatIsNotThereIsNotFoundByInferEither(Shop shop) {
        var rest = new Rest(shop.httpAddress());
        String unknownKey = """
                {"parameters": {"entity_key": "order"},
                 "inputs": [{"name": "order", "shape": [1], "datatype": "BYTES", "data": ["nobody"]}]}""";

        assertThat(rest.post("/v2/models/refunds/infer", EXAMPLE).status()).isEqualTo(404);
        assertThat(rest.post("/v2/models/returns/versions/99/infer", EXAMPLE).status())
                .isEqualTo(404);
        assertThat(rest.post(INFER, unknownKey).status()).isEqualTo(404);
        assertThat(rest.get(INFER).status()).isEqualTo(405);
    }

    private static JsonNode tensor(Answer answer, String name) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return Lists.newArrayList(answer.json().get("outputs")).stream()
                .filter(tensor -> tensor.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode data(Answer answer, String name) {
        return tensor(answer, name).get("data");
    }

    private static DoubleStream numbers(Answer answer, String name) {
        return Lists.newArrayList(data(answer, name)).stream().mapToDouble(JsonNode::asDouble);
    }

    private static List<Long> bits(DoubleStream numbers) {
        return numbers.mapToObj(Double::doubleToRawLongBits).toList();
    }

    private static ModelInferResponse.InferOutputTensor tensor(ModelInferResponse response, String name) {
        return response.getOutputsList().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub protocol(Shop shop) {
        return GRPCInferenceServiceGrpc.newBlockingStub(shop.client().channel());
    }
}
