package dev.triptych.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.Systems;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Command;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.http.Rest.Answer;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Answers that a healthy node rarely gives, from a deployment that gives no others; and a small limit of length. */
@Timeout(60)
class StubbedDeploymentTest {

    private static final int BYTES_MAX = 1_000;
    private static final String INFER = "/v2/models/returns/infer";
    private static final String REQUEST =
            "{\"inputs\": [{\"name\": \"amount\", \"shape\": [1], \"datatype\": \"FP64\", \"data\": [1]}]}";

    @TempDir
    static Path folder;

    private static ActorTestKit actors;
    private static HttpServer server;
    private static volatile PredictReply reply = new InferenceActor.NoVersion("returns", "champion");

    @BeforeAll
    static void start() throws IOException {
        actors = ActorTestKit.create(
                "stubbed",
                ConfigFactory.load(ConfigFactory.parseString("akka.actor.provider = local")
                        .withFallback(ConfigFactory.parseResources("local.conf"))));
        ActorRef<Command> deployment = actors.spawn(Behaviors.receiveMessage(command -> {
            if (command instanceof InferenceActor.Predict predict) {
                predict.replyTo().tell(reply);
            } else if (command instanceof InferenceActor.Describe(var replyTo)) {
                replyTo.tell(new InferenceActor.Description(
                        false, Optional.empty(), "", List.of(), List.of(), Optional.empty()));
            }
            return Behaviors.same();
        }));
        var protocol = new OpenInference(
                actors.system(),
                Systems.in(ShopSystem.writeTo(folder)).byName().values(),
                Map.of("shop/returns", deployment),
                () -> true);
        server = HttpServer.start(
                actors.system(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Duration.ofMinutes(1),
                HttpRoutes.of(
                        actors.system(),
                        BYTES_MAX,
                        AccessControl.open(),
                        LocalCalls.start(List.of(), List.of()),
                        protocol,
                        new SimpleMeterRegistry(),
                        () -> "",
                        Optional.empty()),
                Optional.empty());
    }

    @AfterAll
    static void stop() {
        server.close();
        actors.shutdownTestKit();
    }

    /** Whoever breaks off must not fill the log. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST " + INFER
                        + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
                "POST " + INFER + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{",
                "POST " + INFER + " HTTP/1.1\r\nHost: a\r\nX-A: ",
                "PO"
            })
    void whatIsCutShortIsNoErrorOfTheNode(String request) throws Exception {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } finally {
            root.detachAppender(lines);
        }

        assertThat(lines.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.ERROR));
    }

    @Test
    void whatIsNotReadyIsUnavailable() {
        reply = new InferenceActor.NoVersion("returns", "champion");

        Answer answer = rest().post(INFER, REQUEST);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error()).contains("returns is not ready: no version of returns is champion");
        assertThat(rest().get("/v2/health/ready")).isEqualTo(new Answer(503, Rest.json("{\"ready\": false}")));
        assertThat(rest().get("/v2/models/returns/ready"))
                .isEqualTo(new Answer(503, Rest.json("{\"name\": \"returns\", \"ready\": false}")));
        assertThat(rest().get("/v2/health/live").status()).isEqualTo(200);
    }

    @Test
    void anExplanationThatCannotBeToldIsRefused() {
        reply = predicted(1);

        Answer answer = rest().post(INFER, REQUEST.replaceFirst("\\{", "{\"parameters\": {\"explain\": true}, "));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("parameters.explain: true (expected: no explanation of version 3");
    }

    @Test
    void aNumberThatJsonDoesNotHaveIsToldAsBytesAlone() {
        reply = predicted(Double.NaN);

        Answer answer = rest().post(INFER, REQUEST);
        byte[] binary = REQUEST.replaceFirst("\\{", "{\"parameters\": {\"binary_data_output\": true}, ")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("prediction: NaN", "binary_data_output");
        assertThat(rest().post(INFER, binary, binary.length).statusCode()).isEqualTo(200);
    }

    @Test
    void refusalsLeaveTheConnectionOpen() throws IOException {
        reply = predicted(1);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(exchange(socket, "x".repeat(BYTES_MAX + 1))).startsWith("HTTP/1.1 413");
            assertThat(exchange(socket, "nonsense")).startsWith("HTTP/1.1 400");
            assertThat(exchange(socket, REQUEST)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatIsTooLongIsRefusedHoweverItsLengthIsTold() {
        byte[] body = "x".repeat(20 * BYTES_MAX).getBytes(StandardCharsets.UTF_8);

        Answer told = rest().post(INFER, new String(body, 0, 2 * BYTES_MAX, StandardCharsets.UTF_8));
        Answer untold = rest().post(INFER, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertThat(List.of(told.status(), untold.status())).containsOnly(413);
        assertThat(told.error())
                .contains("body: 2000 bytes (expected: at most 1000 bytes", "triptych.request-bytes-max");
        assertThat(untold.error()).contains("body: more than 1000 bytes");
    }

    private static String exchange(Socket socket, String body) throws IOException {
        socket.getOutputStream()
                .write(("POST " + INFER + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("the connection was closed after: %s", head).isNotNegative();
            head.append((char) next);
        }
        String length = head.toString().replaceFirst("(?s).*Content-Length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
        return head.toString();
    }

    private static InferenceActor.Predicted predicted(double number) {
        var record = new PredictionRecord(
                "id",
                "shop",
                "returns",
                "returns",
                3,
                Optional.empty(),
                0,
                0,
                List.of(),
                List.of(number),
                0,
                Optional.empty());
        var signature = new Signature("order", List.of(), Task.REGRESSION, "outcome.returned", List.of("returned"));
        return new InferenceActor.Predicted(
                List.of(new InferenceActor.Prediction(record, signature, List.of(), Optional.empty(), List.of())));
    }

    private static Rest rest() {
        return new Rest("127.0.0.1:" + server.port());
    }
}
