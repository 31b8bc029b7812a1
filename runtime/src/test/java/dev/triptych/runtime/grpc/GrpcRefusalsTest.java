package dev.triptych.runtime.grpc;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.text;
import static dev.triptych.runtime.Client.time;
import static dev.triptych.runtime.Client.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.CancelRunRequest;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.ListModelsRequest;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.RollBackRequest;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.Value;
import dev.triptych.v1.WatchRunRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a node cannot do is said with a status, and a detail that names the field; nothing of it is done. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class GrpcRefusalsTest {

    private static final Timestamp PLACED = time("2026-02-01T00:00:00Z");

    /**
     * @param field as the detail names it
     * @param says part of the message: the value that was found
     */
    private record Refusal(String title, String field, String says, Consumer<Client> call) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Refusal> namesThatAreUnknown() {
        return Stream.of(
                new Refusal(
                        "write to a system",
                        "system",
                        "shoop",
                        client -> client.features()
                                .write(write(good("x")).setSystem("shoop").build())),
                new Refusal(
                        "write to a view",
                        "view",
                        "plaecd",
                        client -> client.features()
                                .write(write(good("x")).setView("plaecd").build())),
                new Refusal(
                        "read from a system",
                        "system",
                        "shoop",
                        client -> client.features()
                                .read(read("placed").setSystem("shoop").build())),
                new Refusal(
                        "read an entity",
                        "entity",
                        "ordre",
                        client -> client.features()
                                .read(read("placed").setEntity("ordre").build())),
                new Refusal(
                        "read a view",
                        "features[1]",
                        "plaecd",
                        client ->
                                client.features().read(read("placed", "plaecd").build())),
                new Refusal(
                        "read a feature",
                        "features[0]",
                        "placed.colour",
                        client -> client.features().read(read("placed.colour").build())),
                new Refusal(
                        "history of a view",
                        "view",
                        "plaecd",
                        client -> client.features()
                                .history(FeatureHistoryRequest.newBuilder()
                                        .setSystem("shop")
                                        .setView("plaecd")
                                        .setKey("o1")
                                        .build())),
                new Refusal(
                        "keys of a view",
                        "view",
                        "plaecd",
                        client -> client.features()
                                .listKeys(ListKeysRequest.newBuilder()
                                        .setSystem("shop")
                                        .setView("plaecd")
                                        .build())),
                new Refusal(
                        "predictions of a deployment",
                        "deployment",
                        "refunds",
                        client -> client.predictions()
                                .listPredictions(ListPredictionsRequest.newBuilder()
                                        .setSystem("shop")
                                        .setDeployment("refunds")
                                        .build())),
                new Refusal(
                        "replay of a deployment of any system",
                        "deployment",
                        "refunds",
                        client -> client.audit()
                                .replay(ReplayRequest.newBuilder()
                                        .setDeployment("refunds")
                                        .build())
                                .next()),
                new Refusal(
                        "run a pipeline",
                        "pipeline",
                        "refunds",
                        client -> client.pipelines()
                                .run(RunPipelineRequest.newBuilder()
                                        .setSystem("shop")
                                        .setKind(PipelineKind.FEATURE)
                                        .setPipeline("refunds")
                                        .build())),
                new Refusal(
                        "list runs of a system",
                        "system",
                        "shoop",
                        client -> client.pipelines()
                                .listRuns(ListRunsRequest.newBuilder()
                                        .setSystem("shoop")
                                        .build())),
                new Refusal(
                        "watch a run",
                        "run_id",
                        "run-0",
                        client -> client.pipelines()
                                .watchRun(WatchRunRequest.newBuilder()
                                        .setRunId("run-0")
                                        .build())
                                .next()),
                new Refusal(
                        "cancel a run",
                        "run_id",
                        "run-0",
                        client -> client.pipelines()
                                .cancelRun(CancelRunRequest.newBuilder()
                                        .setRunId("run-0")
                                        .build())),
                new Refusal(
                        "models of a system",
                        "system",
                        "shoop",
                        client -> client.registry()
                                .listModels(ListModelsRequest.newBuilder()
                                        .setSystem("shoop")
                                        .build())),
                new Refusal(
                        "a model",
                        "model",
                        "refunds",
                        client -> client.registry()
                                .getModel(GetModelRequest.newBuilder()
                                        .setSystem("shop")
                                        .setModel("refunds")
                                        .build())),
                new Refusal(
                        "promote a version",
                        "version",
                        "99",
                        client -> client.registry()
                                .promote(PromoteRequest.newBuilder()
                                        .setSystem("shop")
                                        .setModel("returns")
                                        .setVersion(99)
                                        .build())),
                new Refusal(
                        "roll back an alias",
                        "alias",
                        "winner",
                        client -> client.registry()
                                .rollBack(RollBackRequest.newBuilder()
                                        .setSystem("shop")
                                        .setModel("returns")
                                        .setAlias("winner")
                                        .build())),
                new Refusal(
                        "predict for a system",
                        "system",
                        "shoop",
                        client -> client.predictions()
                                .predict(predict(keyed("o1")).setSystem("shoop").build())),
                new Refusal(
                        "predict by a deployment",
                        "deployment",
                        "refunds",
                        client -> client.predictions()
                                .predict(predict(keyed("o1"))
                                        .setDeployment("refunds")
                                        .build())),
                new Refusal(
                        "predict a key",
                        "instances[1].key",
                        "nobody",
                        client -> client.predictions()
                                .predict(predict(keyed("o1"), keyed("nobody")).build())),
                new Refusal(
                        "predictions of a system",
                        "system",
                        "shoop",
                        client -> client.predictions()
                                .listPredictions(ListPredictionsRequest.newBuilder()
                                        .setSystem("shoop")
                                        .build())),
                new Refusal(
                        "replay a system",
                        "system",
                        "shoop",
                        client -> client.audit()
                                .replay(ReplayRequest.newBuilder()
                                        .setSystem("shoop")
                                        .build())
                                .next()),
                new Refusal(
                        "replay a prediction",
                        "id",
                        "prediction-0",
                        client -> client.audit()
                                .replay(ReplayRequest.newBuilder()
                                        .setId("prediction-0")
                                        .build())
                                .next()));
    }

    @ParameterizedTest
    @MethodSource
    void namesThatAreUnknown(Refusal refusal, Shop shop) {
        assertRefused(refusal, shop, Status.Code.NOT_FOUND);
    }

    static Stream<Refusal> rowsThatCannotBeWritten() {
        return Stream.of(
                row("not a number", "rows[0].values.amount", "NaN", good("x").putValues("amount", number(Double.NaN))),
                row(
                        "infinity",
                        "rows[0].values.amount",
                        "Infinity",
                        good("x").putValues("amount", number(Double.POSITIVE_INFINITY))),
                row(
                        "minus infinity",
                        "rows[0].values.amount",
                        "-Infinity",
                        good("x").putValues("amount", number(Double.NEGATIVE_INFINITY))),
                row(
                        "text for a number",
                        "rows[0].values.amount",
                        "dear",
                        good("x").putValues("amount", text("dear"))),
                row(
                        "a fraction for items",
                        "rows[0].values.items",
                        "1.5",
                        good("x").putValues("items", number(1.5))),
                row(
                        "a number for text",
                        "rows[0].values.country",
                        "46",
                        good("x").putValues("country", whole(46))),
                row(
                        "a text that is too long",
                        "rows[0].values.country",
                        "10000",
                        good("x").putValues("country", text("s".repeat(10_001)))),
                row(
                        "an unknown feature",
                        "rows[0].values.colour",
                        "colour",
                        good("x").putValues("colour", text("red"))),
                row("no key", "rows[0].key", "empty", good("")),
                row("a key over the limit", "rows[0].key", "200", good("k".repeat(201))),
                row("a key far over the limit", "rows[0].key", "200", good("k".repeat(1_000_000))),
                row("a key with a control character", "rows[0].key", "control", good("a\u0000b")),
                row("no event time", "rows[0].event_time", "missing", good("x").clearEventTime()),
                row(
                        "an event time nobody knows",
                        "rows[0].event_time",
                        "9999",
                        good("x").setEventTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))),
                new Refusal(
                        "no rows", "rows", "0 rows", client -> client.features().write(write().build())));
    }

    @ParameterizedTest
    @MethodSource
    void rowsThatCannotBeWritten(Refusal refusal, Shop shop) {
        assertRefused(refusal, shop, Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aRowThatCannotBeWrittenKeepsBackTheOnesBesideIt(Shop shop) {
        assertRefused(
                new Refusal(
                        "",
                        "rows[2].values.country",
                        "10000",
                        client -> client.features()
                                .write(write(
                                                good("beside"),
                                                good("other"),
                                                good("other").putValues("country", text("s".repeat(10_001))))
                                        .build())),
                shop,
                Status.Code.INVALID_ARGUMENT);
        WriteFeaturesRequest.Builder tooManyOfOneKey = write(good("beside"));
        for (int second = 0; second <= 1_000; second++) {
            tooManyOfOneKey.addRows(
                    good("other").setEventTime(Timestamp.newBuilder().setSeconds(second)));
        }
        assertRefused(
                new Refusal(
                        "",
                        "rows",
                        "1000 rows of other",
                        client -> client.features().write(tooManyOfOneKey.build())),
                shop,
                Status.Code.INVALID_ARGUMENT);

        assertThat(shop.client()
                        .features()
                        .read(ReadFeaturesRequest.newBuilder()
                                .setSystem("shop")
                                .setEntity("order")
                                .addKeys("beside")
                                .addKeys("other")
                                .addFeatures("placed.amount")
                                .build())
                        .getVectorsList())
                .hasSize(2)
                .allMatch(vector -> vector.getValues(0).getStatus() == FeatureValue.Status.NOT_FOUND);
    }

    static Stream<Refusal> questionsThatMakeNoSense() {
        return Stream.of(
                new Refusal(
                        "read no key",
                        "keys",
                        "0 keys",
                        client -> client.features()
                                .read(read("placed").clearKeys().build())),
                new Refusal(
                        "read an over-long key",
                        "keys[1]",
                        "200",
                        client -> client.features()
                                .read(read("placed").addKeys("k".repeat(201)).build())),
                new Refusal(
                        "read as of no time",
                        "as_of",
                        "9999",
                        client -> client.features()
                                .read(read("placed")
                                        .setAsOf(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE))
                                        .build())),
                new Refusal(
                        "read as known at no time",
                        "known_at",
                        "9999",
                        client -> client.features()
                                .read(read("placed")
                                        .setKnownAt(Timestamp.newBuilder().setNanos(-1))
                                        .build())),
                new Refusal(
                        "fewer than no keys",
                        "limit",
                        "-1",
                        client -> client.features()
                                .listKeys(ListKeysRequest.newBuilder()
                                        .setSystem("shop")
                                        .setView("placed")
                                        .setLimit(-1)
                                        .build())),
                new Refusal(
                        "run no kind of pipeline",
                        "kind",
                        "KIND",
                        client -> client.pipelines()
                                .run(RunPipelineRequest.newBuilder()
                                        .setSystem("shop")
                                        .build())),
                new Refusal(
                        "predict nothing",
                        "instances",
                        "0 instances",
                        client -> client.predictions().predict(predict().build())),
                new Refusal(
                        "predict an empty instance",
                        "instances[0]",
                        "empty",
                        client -> client.predictions()
                                .predict(predict(Instance.newBuilder()).build())),
                new Refusal(
                        "predict a key and features",
                        "instances[1].features",
                        "o1",
                        client -> client.predictions()
                                .predict(predict(keyed("o2"), keyed("o1").putFeatures("amount", number(1)))
                                        .build())),
                new Refusal(
                        "predict an over-long key",
                        "instances[0].key",
                        "200",
                        client -> client.predictions()
                                .predict(predict(keyed("k".repeat(201))).build())),
                given("not a number", "amount", number(Double.NaN), "NaN"),
                given("infinity", "placed.amount", number(Double.NEGATIVE_INFINITY), "-Infinity"),
                given("a number that no float holds", "placed.amount", number(1e300), "3.4028235E38"),
                given("text for a number", "amount", text("dear"), "dear"),
                given("a fraction for items", "items", number(2.5), "2.5"),
                given("an unknown feature", "colour", text("red"), "placed.country"),
                given("a text that is too long", "country", text("s".repeat(10_001)), "10000"));
    }

    @ParameterizedTest
    @MethodSource
    void questionsThatMakeNoSense(Refusal refusal, Shop shop) {
        assertRefused(refusal, shop, Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aNameOfAnyLengthIsRefusedInFewWords(Shop shop) {
        StatusRuntimeException refused = refused(
                shop,
                client -> client.predictions()
                        .predict(predict(Instance.newBuilder().putFeatures("f".repeat(100_000), number(1)))
                                .build()));

        // Longer ones would burst the limit that HTTP/2 sets on headers, and arrive as another error.
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).hasSizeLessThan(1_000).contains("fff");
    }

    private static Refusal row(String title, String field, String says, FeatureRow.Builder row) {
        return new Refusal(
                title, field, says, client -> client.features().write(write(row).build()));
    }

    private static Refusal given(String title, String feature, Value value, String says) {
        return new Refusal(
                "predict " + title,
                "instances[0].features." + feature,
                says,
                client -> client.predictions()
                        .predict(predict(Instance.newBuilder().putFeatures(feature, value))
                                .build()));
    }

    private static FeatureRow.Builder good(String key) {
        return FeatureRow.newBuilder().setKey(key).setEventTime(PLACED).putValues("amount", number(10));
    }

    private static WriteFeaturesRequest.Builder write(FeatureRow.Builder... rows) {
        var request = WriteFeaturesRequest.newBuilder().setSystem("shop").setView("placed");
        Stream.of(rows).forEach(request::addRows);
        return request;
    }

    private static ReadFeaturesRequest.Builder read(String... features) {
        return ReadFeaturesRequest.newBuilder()
                .setSystem("shop")
                .setEntity("order")
                .addKeys("o1")
                .addAllFeatures(Stream.of(features).toList());
    }

    private static Instance.Builder keyed(String key) {
        return Instance.newBuilder().setKey(key);
    }

    private static PredictRequest.Builder predict(Instance.Builder... instances) {
        var request = PredictRequest.newBuilder().setSystem("shop");
        Stream.of(instances).forEach(request::addInstances);
        return request;
    }

    private static StatusRuntimeException refused(Shop shop, Consumer<Client> call) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(shop.client()));
    }

    private static void assertRefused(Refusal refusal, Shop shop, Status.Code code) {
        StatusRuntimeException refused = refused(shop, refusal.call());
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getCode()).as(refused.toString()).isEqualTo(code);
        assertThat(refused.getStatus().getDescription()).contains(refusal.field(), refusal.says());
        assertThat(fieldOf(refused)).isEqualTo(refusal.field());
    }

    private static String fieldOf(StatusRuntimeException refused) {
        try {
            return Objects.requireNonNull(StatusProto.fromThrowable(refused))
                    .getDetails(0)
                    .unpack(BadRequest.class)
                    .getFieldViolations(0)
                    .getField();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
