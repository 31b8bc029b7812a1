package dev.triptych.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections on which a request comes a byte at a time. */
@Timeout(30)
class HeadTimeoutTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int TICKS = 15;
    private static final String WHOLE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final ActorTestKit actors = ActorTestKit.create(
            "head-timeout",
            ConfigFactory.load(ConfigFactory.parseString("akka.actor.provider = local")
                    .withFallback(ConfigFactory.parseResources("local.conf"))));
    private static ServerBinding server;

    @BeforeAll
    static void start() throws Exception {
        server = Http.get(actors.system())
                .newServerAt("127.0.0.1", 0)
                .bindFlow(BidiFlow.fromGraph(new HeadTimeout(TIMEOUT))
                        .join(Flow.of(HttpRequest.class).map(HeadTimeoutTest::answer)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static HttpResponse answer(HttpRequest request) {
        return request.getUri().path().equals("/stream")
                ? HttpResponse.create()
                        .withEntity(HttpEntities.createChunked(
                                ContentTypes.TEXT_PLAIN_UTF8,
                                Source.tick(Duration.ZERO, Duration.ofMillis(100), ByteString.fromString("tick\n"))
                                        .take(TICKS)))
                : HttpResponse.create().withEntity("whole");
    }

    @AfterAll
    static void stop() {
        server.unbind();
        actors.shutdownTestKit();
    }

    private static Socket connect() throws IOException {
        return new Socket("127.0.0.1", server.localAddress().getPort());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** For ever, if it is let. */
    private static void drip(Socket socket) throws IOException {
        say(socket, "GET / HTTP/1.1\r\nHost: a\r\nX-A: ");
        socket.setSoTimeout(20);
        while (true) {
            say(socket, "a");
            try {
                if (socket.getInputStream().read() == -1) {
                    throw new IOException("hung up");
                }
            } catch (java.net.SocketTimeoutException open) {
                // On with it.
            }
        }
    }

    @Test
    void aHeadThatNeverEndsEndsTheConnection() throws Exception {
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> drip(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void soDoesOneAfterARequestThatWasAnswered() throws Exception {
        try (Socket socket = connect()) {
            say(socket, WHOLE);
            assertThat(line(socket)).isEqualTo("HTTP/1.1 200 OK");
            assertThatThrownBy(() -> drip(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAnswerMayTakeLonger() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split("tick", -1))
                    .hasSize(TICKS + 1);
        }
    }

    private static String line(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }
}
