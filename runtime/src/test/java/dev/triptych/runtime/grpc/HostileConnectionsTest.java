package dev.triptych.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.ListSystemsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that do nothing, or as little as they can, and clients that call too often. Others are served all the while. */
@Timeout(60)
class HostileConnectionsTest {

    private static final int IDLE = 1_000;
    private static final int SLOW = 200;
    private static final int REQUESTS_PER_SECOND = 50;

    @TempDir
    static Path folder;

    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of(
                        "triptych.connections.handshake",
                        "2s",
                        "triptych.access.requests-per-second",
                        REQUESTS_PER_SECOND)));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void idleAndSlowConnectionsLeaveItServing() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (String address : List.of(node.grpcAddress(), node.httpAddress())) {
                for (int i = 0; i < IDLE; i++) {
                    sockets.add(connect(address));
                }
            }
            for (int i = 0; i < SLOW; i++) {
                sockets.add(
                        say(connect(node.httpAddress()), "POST /v2/models/returns/infer HTTP/1.1\r\nHost: a\r\nX-A: "));
                sockets.add(say(
                        connect(node.httpAddress()),
                        "POST /v2/models/returns/infer HTTP/1.1\r\nHost: a\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"));
                sockets.add(say(connect(node.grpcAddress()), "PRI * HTTP/2.0\r\n"));
            }
            for (Socket slow : sockets.subList(2 * IDLE, sockets.size())) {
                say(slow, "\n");
            }

            try (var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
                assertThat(client.pipelines()
                                .withDeadlineAfter(5, TimeUnit.SECONDS)
                                .listSystems(ListSystemsRequest.getDefaultInstance())
                                .getSystemsList())
                        .hasSize(1);
            }
            assertThat(get("/v2/health/ready")).isEqualTo(200);

            Socket silent = sockets.getFirst();
            silent.setSoTimeout(20_000);
            assertThat(endOf(silent)).as("closed, as it never said who it is").isTrue();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aClientThatCallsTooOftenIsTurnedAwayOverEitherTransport() throws Exception {
        try (var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            assertThatThrownBy(() -> IntStream.range(0, 100 * REQUESTS_PER_SECOND)
                            .forEach(call -> client.pipelines().listSystems(ListSystemsRequest.getDefaultInstance())))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(refused.getStatus().getDescription())
                                .contains("127.0.0.1", "triptych.access.requests-per-second");
                    });
        }
        for (String path : List.of("/api/v1/systems", "/v2")) {
            assertThat(IntStream.range(0, 100 * REQUESTS_PER_SECOND)
                            .map(call -> get(path))
                            .filter(status -> status != 200)
                            .findFirst())
                    .as(path)
                    .hasValue(429);
        }
    }

    private static int get(String path) {
        try {
            HttpResponse<Void> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://" + node.httpAddress() + path))
                            .build(),
                    BodyHandlers.discarding());
            return answer.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Socket connect(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        return new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static Socket say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** What the server says before it hangs up (its settings) is passed over. */
    private static boolean endOf(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }
}
