package dev.triptych.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.StartFailure;
import dev.triptych.runtime.access.Tokens;
import dev.triptych.runtime.postgres.EmbeddedDatabase;
import dev.triptych.runtime.telemetry.Collector.Received;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a collector gets to know of calls that say which trace they belong to: one node predicts, another owns the keys. */
@Timeout(120)
class TracesTest {

    private static final Duration ARRIVES_MAX = Duration.ofSeconds(20);
    private static final String CLIENT_SPAN = "00f067aa0ba902b7";
    private static final String TOKEN = "rita";

    @TempDir
    static Path folder;

    private static Collector collector;
    private static EmbeddedDatabase postgres;
    private static Node stores;
    private static Node front;
    private static Client ofStores;
    private static Client ofFront;

    @BeforeAll
    static void start() throws Exception {
        collector = Collector.start();
        postgres = EmbeddedDatabase.start(folder.resolve("postgres"));
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        stores = Node.start(settings(systems, "stores", Map.of("triptych.roles", List.of("feature", "training"))));
        front = Node.start(settings(
                systems,
                "front",
                Map.of(
                        "triptych.roles",
                        List.of("inference", "gateway"),
                        "triptych.access.tokens",
                        List.of(Map.of(
                                "name",
                                TOKEN,
                                "sha256",
                                HexFormat.of().formatHex(Tokens.sha256(TOKEN)),
                                "roles",
                                List.of("reader"))))));
        assertThat(front.awaitReady(Duration.ofSeconds(30))).isEmpty();
        ofStores = new Client(stores.grpcAddress(), ShopSystem.NAME);
        ofFront = new Client(front.grpcAddress(), ShopSystem.NAME);
        ofStores.complete(PipelineKind.FEATURE);
        ofStores.complete(PipelineKind.TRAINING);
        predictUntilServed();
    }

    @AfterAll
    static void stop() {
        ofFront.close();
        ofStores.close();
        front.close();
        stores.close();
        postgres.close();
        collector.close();
    }

    private static NodeSettings settings(Path systems, String node, Map<String, Object> more) {
        var traced = new HashMap<>(more);
        traced.put("triptych.tracing.endpoint", collector.endpoint());
        return ShopSystem.memberSettings("cluster", folder, systems, postgres, node, traced);
    }

    private static void predictUntilServed() {
        await().atMost(Duration.ofSeconds(30))
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(() -> predict(ofFront.channel(), "9a", TOKEN));
    }

    private static void predict(Channel channel, String trace, String token) {
        PredictionServiceGrpc.newBlockingStub(traced(channel, trace, token))
                .predict(PredictRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .addInstances(Instance.newBuilder().setKey("o9"))
                        .build());
    }

    private static Channel traced(Channel channel, String trace, String token) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceParent(trace));
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static String traceId(String trace) {
        return "4bf92f3577b34da6a3ce929d0e0e47" + trace;
    }

    private static String traceParent(String trace) {
        return "00-" + traceId(trace) + "-" + CLIENT_SPAN + "-01";
    }

    private static Received span(String trace, String name) {
        return collector.span(traceId(trace), name, ARRIVES_MAX);
    }

    @Test
    void aPredictionIsTracedFromTheCallerToTheNodeThatOwnsTheKey() {
        predict(ofFront.channel(), "01", TOKEN);

        Received call = span("01", "triptych.v1.PredictionService/Predict");
        assertThat(call.parent()).isEqualTo(CLIENT_SPAN);
        assertThat(call.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(call.node()).isEqualTo("front");
        for (String step : List.of("read features", "evaluate", "commit predictions")) {
            assertThat(span("01", step).parent()).as(step).isEqualTo(call.id());
            assertThat(span("01", step).node()).as(step).isEqualTo("front");
        }
        Received entity = span("01", "answer features");
        assertThat(entity.parent()).isEqualTo(span("01", "read features").id());
        assertThat(entity.node()).isEqualTo("stores");
    }

    @Test
    void aNodeThatDoesNotServeSaysThatItAskedAnother() {
        predict(ofStores.channel(), "02", "");

        Received passed = span("02", "predict elsewhere");
        assertThat(passed.node()).isEqualTo("stores");
        assertThat(passed.parent())
                .isEqualTo(span("02", "triptych.v1.PredictionService/Predict").id());
        assertThat(span("02", "evaluate").node()).isEqualTo("front");
        assertThat(span("02", "evaluate").parent()).isEqualTo(passed.id());
    }

    @Test
    void aWriteIsTracedToItsCommit() {
        WriteFeaturesRequest write = WriteFeaturesRequest.newBuilder()
                .setSystem(ShopSystem.NAME)
                .setView("placed")
                .addRows(FeatureRow.newBuilder()
                        .setKey("traced")
                        .setEventTime(com.google.protobuf.Timestamp.newBuilder().setSeconds(1_769_904_000)))
                .build();
        dev.triptych.v1.FeatureServiceGrpc.newBlockingStub(traced(ofStores.channel(), "03", ""))
                .write(write);

        assertThat(span("03", "commit features").parent())
                .isEqualTo(span("03", "triptych.v1.FeatureService/Write").id());
    }

    @Test
    void requestsOverHttpAreTracedToo() throws Exception {
        assertThat(http("04", "GET", "/api/v1/systems", "")).isEqualTo(200);
        assertThat(http(
                        "05",
                        "POST",
                        "/v2/models/returns/infer",
                        "{\"parameters\":{\"entity_key\":\"order\"},\"inputs\":[{\"name\":\"order\",\"shape\":[1],"
                                + "\"datatype\":\"BYTES\",\"data\":[\"o9\"]}]}"))
                .isEqualTo(200);

        Received request = span("04", "GET /api/");
        assertThat(request.parent()).isEqualTo(CLIENT_SPAN);
        assertThat(span("04", "triptych.v1.PipelineService/ListSystems").parent())
                .isEqualTo(request.id());
        assertThat(span("05", "evaluate").parent())
                .isEqualTo(span("05", "POST /v2/models/").id());
    }

    private static int http(String trace, String method, String path, String body) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + front.httpAddress() + path))
                            .header("traceparent", traceParent(trace))
                            .header("Authorization", "Bearer " + TOKEN)
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode();
        }
    }

    @Test
    void logsSayWhichTraceTheyBelongTo() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        Logger access = (Logger) LoggerFactory.getLogger("dev.triptych.runtime.grpc");
        access.addAppender(lines);
        try {
            assertThatThrownBy(() -> predict(ofFront.channel(), "06", ""))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            refused ->
                                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
        } finally {
            access.detachAppender(lines);
        }

        Received call = span("06", "triptych.v1.PredictionService/Predict");
        var encoder = new JsonEncoder();
        encoder.start();
        assertThat(lines.list).hasSize(1);
        JsonObject line = JsonParser.parseString(
                        new String(encoder.encode(lines.list.getFirst()), StandardCharsets.UTF_8))
                .getAsJsonObject();
        assertThat(line.getAsJsonObject("mdc").get("trace_id").getAsString()).isEqualTo(traceId("06"));
        assertThat(line.getAsJsonObject("mdc").get("span_id").getAsString()).isEqualTo(call.id());
    }

    @Test
    void anEndpointThatIsNoneIsRefused() {
        assertThatThrownBy(() -> NodeTraces.start(
                        ShopSystem.settings(folder, folder, Map.of("triptych.tracing.endpoint", "127.0.0.1:4317"))
                                .config()
                                .getConfig("triptych.tracing"),
                        "node"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll("triptych.tracing.endpoint", "127.0.0.1:4317", "http://");
    }
}
