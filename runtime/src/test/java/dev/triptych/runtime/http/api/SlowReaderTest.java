package dev.triptych.runtime.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.http.HttpRoutes;
import dev.triptych.runtime.http.HttpServer;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.WatchRunRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that would never end, and a client that does not read: nothing heaps up in between. */
@Timeout(60)
class SlowReaderTest {

    /** More than sockets and buffers on the way hold, by far. */
    private static final long HELD_MAX = 1_000_000;

    private static final ActorTestKit actors = ActorTestKit.create(
            "slow-reader",
            ConfigFactory.load(ConfigFactory.parseString("akka.actor.provider = local")
                    .withFallback(ConfigFactory.parseResources("local.conf"))));
    private static final EndlessRuns runs = new EndlessRuns();
    private static LocalCalls calls;
    private static HttpServer server;

    /** Sends for as long as there is room. */
    private static final class EndlessRuns extends PipelineServiceGrpc.PipelineServiceImplBase {
        private final AtomicLong sent = new AtomicLong();
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void watchRun(WatchRunRequest request, StreamObserver<PipelineRun> observer) {
            var room = (ServerCallStreamObserver<PipelineRun>) observer;
            room.setOnCancelHandler(cancelled::countDown);
            room.setOnReadyHandler(() -> {
                while (room.isReady()) {
                    room.onNext(PipelineRun.newBuilder()
                            .setRunId(request.getRunId())
                            .setDone(sent.getAndIncrement())
                            .build());
                }
            });
        }
    }

    @BeforeAll
    static void start() throws IOException {
        calls = LocalCalls.start(List.of(runs.bindService()), List.of());
        server = HttpServer.start(
                actors.system(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Duration.ofMinutes(1),
                HttpRoutes.of(
                        actors.system(),
                        1_000,
                        AccessControl.open(),
                        calls,
                        new OpenInference(actors.system(), List.of(), Map.of(), () -> true),
                        new SimpleMeterRegistry(),
                        () -> "",
                        Optional.empty()),
                Optional.empty());
    }

    @AfterAll
    static void stop() {
        server.close();
        calls.close();
        actors.shutdownTestKit();
    }

    @Test
    void slowsTheServiceAndEndsItByLeaving() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write("GET /api/v1/runs/endless/watch HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            awaitStandstill();
            assertThat(runs.sent.get()).isPositive().isLessThan(HELD_MAX);
        }

        assertThat(runs.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitStandstill() throws InterruptedException {
        for (long before = -1; before != runs.sent.get() || before == 0; ) {
            before = runs.sent.get();
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }
}
