package dev.triptych.runtime.postgres;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureServiceGrpc.FeatureServiceBlockingStub;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose PostgreSQL, one of its own elsewhere, goes away and comes back. */
@Timeout(60)
class PostgresAwayTest {

    private static final Timestamp PLACED = time("2026-02-01T00:00:00Z");

    /** The longest wait of a call without a deadline, and a second for a busy machine. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(11);

    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;
    private static Node node;
    private static Client client;

    private interface Step {
        void run() throws Exception;
    }

    /** Closing it brings PostgreSQL back. */
    private interface Outage extends AutoCloseable {}

    @BeforeAll
    static void start() throws IOException {
        postgres = startPostgres(0);
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of(
                        "triptych.postgres.url",
                        "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
                        "triptych.postgres.user",
                        "postgres")));
        client = new Client(node.grpcAddress(), ShopSystem.NAME);
        client.complete(PipelineKind.FEATURE);
        client.complete(PipelineKind.TRAINING);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        node.close();
        postgres.close();
    }

    /** Though this one is set up to acknowledge commits that a crash takes away. */
    @Test
    void outlivesACrashOfIt() throws Exception {
        ProcessHandle crashing = postmaster();
        survives("crash", () -> {
            signal("-QUIT", List.of(crashing));
            // What is asked while it dies may be committed still.
            crashing.onExit().get(10, TimeUnit.SECONDS);
            return () -> {
                int port = postgres.getPort();
                postgres.close();
                postgres = startPostgres(port);
            };
        });
    }

    /** As where a network swallows packets: connections stay open, and nothing answers. */
    @Test
    void outlivesItsSilence() throws Exception {
        survives("silence", () -> {
            List<ProcessHandle> silent = processes();
            signal("-STOP", silent);
            return () -> signal("-CONT", silent);
        });
    }

    private static void survives(String name, Callable<Outage> away) throws Exception {
        write(client.features(), name + "-resident", "");
        assertThat(amountOf(name + "-resident")).isEqualTo(10);
        predict("o1");

        try (Outage outage = away.call()) {
            List<CompletableFuture<Status>> waiting = List.of(
                    statusOf(() -> write(client.features(), name + "-during", name)),
                    statusOf(() -> predict("o1")),
                    statusOf(() -> client.run(PipelineKind.FEATURE, "", name + "-run")));
            CompletableFuture<Status> impatient = statusOf(
                    () -> write(client.features().withDeadlineAfter(1, TimeUnit.SECONDS), name + "-impatient", name));
            while (!CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new))
                    .isDone()) {
                assertThat(amountOf(name + "-resident")).as("read meanwhile").isEqualTo(10);
            }
            assertThat(waiting)
                    .extracting(call -> call.join().getCode())
                    .as(waiting.toString())
                    .containsOnly(Status.Code.UNAVAILABLE);
            assertThat(impatient.join().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }

        recovers(() -> write(client.features(), name + "-during", name));
        assertThat(client.features()
                        .history(FeatureHistoryRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setView("placed")
                                .setKey(name + "-during")
                                .build())
                        .getRowsList())
                .as("written once, however often it was tried")
                .hasSize(1);
        recovers(() -> predict("o1"));
        recovers(() -> client.finish(client.run(PipelineKind.FEATURE, "", name + "-run")));
        assertThat(client.replays()).isNotEmpty().allMatch(ReplayResult::getIdentical);
    }

    /** Without anybody's help. */
    private static void recovers(Step call) throws Exception {
        Instant giveUp = Instant.now().plus(RECOVERY_MAX);
        while (true) {
            try {
                call.run();
                return;
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(Instant.now()).as(e.toString()).isBefore(giveUp);
            }
        }
    }

    private static CompletableFuture<Status> statusOf(Step call) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                call.run();
                                return Status.OK;
                            } catch (Exception e) {
                                return Status.fromThrowable(e);
                            }
                        },
                        // Of its own: replies of the node in this process may need the pool that is everybody's.
                        task -> Thread.ofVirtual().start(task))
                .orTimeout(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
    }

    private static void write(FeatureServiceBlockingStub features, String key, String writeId) {
        features.write(WriteFeaturesRequest.newBuilder()
                .setSystem(ShopSystem.NAME)
                .setView("placed")
                .setWriteId(writeId)
                .addRows(
                        FeatureRow.newBuilder().setKey(key).setEventTime(PLACED).putValues("amount", number(10)))
                .build());
    }

    private static void predict(String key) {
        client.predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .addInstances(Instance.newBuilder().setKey(key))
                        .build());
    }

    /** Within a second, or not at all. */
    private static double amountOf(String key) {
        return client.features()
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .read(ReadFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .addKeys(key)
                        .addFeatures("placed.amount")
                        .build())
                .getVectors(0)
                .getValues(0)
                .getValue()
                .getFloat64();
    }

    /** @param port 0 for any free one */
    private static EmbeddedPostgres startPostgres(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "off");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private static ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(folder.resolve("postgres").resolve("postmaster.pid"))
                .getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    private static List<ProcessHandle> processes() throws IOException {
        var all = new ArrayList<>(List.of(postmaster()));
        postmaster().descendants().forEach(all::add);
        return all;
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
        var command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
