package dev.triptych.runtime;

import static dev.triptych.runtime.Client.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.runtime.LocalCluster.Running;
import dev.triptych.store.NodeRoles;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.WatchRunRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real processes of different roles, clients on all of them: one is killed, one leaves in order, and whatever a
 * client was told counts. Longer and worse things are done to clusters by {@code bench/run chaos}.
 */
class ClusterTest {

    private static final List<String> JVM = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    private static final int OPERATIONS = 150;
    private static final Duration SERVED_AGAIN_MAX = Duration.ofSeconds(40);

    private final Map<String, Long> written = new ConcurrentHashMap<>();
    private final Map<String, Double> predicted = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingAcknowledgedIsLostWhileNodesDieAndLeave(@TempDir Path folder) throws Exception {
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        try (var cluster = LocalCluster.start(folder.resolve("cluster"), systems, JVM, System.out::println)) {
            Running whole = start(cluster, "whole", List.of());
            Running stores = start(cluster, "stores", List.of(NodeRoles.FEATURE, NodeRoles.TRAINING));
            Running front = start(cluster, "front", List.of(NodeRoles.FEATURE, NodeRoles.INFERENCE, NodeRoles.GATEWAY));
            try (var ofWhole = client(whole);
                    var ofStores = client(stores);
                    var ofFront = client(front)) {
                ofFront.complete(PipelineKind.FEATURE);
                ofStores.finish(ofFront.run(PipelineKind.TRAINING, "", "first"));
                for (Client each : List.of(ofWhole, ofStores, ofFront)) {
                    predictUntilAnswered(each);
                }

                ofFront.run(PipelineKind.TRAINING, "", "second");
                load(List.of(ofWhole, ofStores, ofFront), OPERATIONS);
                stores.process().destroyForcibly().waitFor();
                finishOnEither(ofFront, ofWhole, "second");
                everythingAcknowledgedIsThere(ofFront);

                leavesWithoutAFailedRequest(front, List.of(ofWhole));
                everythingAcknowledgedIsThere(ofWhole);
                assertThat(ofWhole.model("returns").getVersionsList())
                        .extracting(version -> version.getProvenance().getRunId())
                        .containsExactly("first", "second");
            }
        }
    }

    private static Running start(LocalCluster cluster, String name, List<String> roles) {
        return cluster.startNode(name, roles, 0, 0, List.of("--no-cadences"));
    }

    private static Client client(Running node) throws Exception {
        return new Client(node.grpcAddress().get(90, TimeUnit.SECONDS), ShopSystem.NAME);
    }

    /** On every node at once, each answer kept. */
    private void load(List<Client> clients, int operations) throws Exception {
        var failure = new AtomicReference<Throwable>();
        try (var threads = Executors.newFixedThreadPool(clients.size())) {
            for (Client client : clients) {
                threads.execute(() -> {
                    try {
                        for (int i = 0; i < operations / clients.size(); i++) {
                            write(client);
                            predict(client);
                        }
                    } catch (RuntimeException e) {
                        failure.set(e);
                    }
                });
            }
        }
        assertThat(failure.get()).isNull();
    }

    private void leavesWithoutAFailedRequest(Running leaving, List<Client> others) throws Exception {
        var left = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        try (var threads = Executors.newFixedThreadPool(others.size())) {
            for (Client client : others) {
                threads.execute(() -> {
                    try {
                        while (!left.get()) {
                            write(client);
                            predict(client);
                        }
                        write(client);
                        predict(client);
                    } catch (RuntimeException e) {
                        failure.set(e);
                    }
                });
            }
            leaving.process().destroy();
            assertThat(leaving.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            left.set(true);
        }
        assertThat(failure.get()).isNull();
    }

    private void write(Client client) {
        long number = next.incrementAndGet();
        String key = "w" + number;
        client.features()
                .withDeadlineAfter(SERVED_AGAIN_MAX.toSeconds(), TimeUnit.SECONDS)
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder()
                                .setKey(key)
                                .setEventTime(Client.time("2026-01-05T00:00:00Z"))
                                .putValues("items", whole(number)))
                        .build());
        written.put(key, number);
    }

    private void predict(Client client) {
        Prediction prediction = client.predictions()
                .withDeadlineAfter(SERVED_AGAIN_MAX.toSeconds(), TimeUnit.SECONDS)
                .predict(PredictRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .addInstances(Instance.newBuilder().setKey("o" + (1 + next.incrementAndGet() % 9)))
                        .build())
                .getPredictions(0);
        predicted.put(prediction.getId(), prediction.getScoresOrThrow("true"));
    }

    /** A version is served by each node soon after it was promoted, and not at once. */
    private void predictUntilAnswered(Client client) {
        Instant giveUp = Instant.now().plus(SERVED_AGAIN_MAX);
        while (true) {
            try {
                predict(client);
                return;
            } catch (StatusRuntimeException e) {
                assertThat(Instant.now()).as(e.toString()).isBefore(giveUp);
            }
        }
    }

    /** Whoever watched on the node that died watches on another. */
    private static void finishOnEither(Client first, Client second, String runId) {
        Instant giveUp = Instant.now().plus(SERVED_AGAIN_MAX.multipliedBy(2));
        List<Client> turns = new ArrayList<>(List.of(first, second));
        while (true) {
            Client turn = turns.removeFirst();
            turns.add(turn);
            try {
                var moves = turn.pipelines()
                        .withDeadlineAfter(SERVED_AGAIN_MAX.toSeconds(), TimeUnit.SECONDS)
                        .watchRun(WatchRunRequest.newBuilder().setRunId(runId).build());
                PipelineRun last = PipelineRun.getDefaultInstance();
                while (moves.hasNext()) {
                    last = moves.next();
                }
                assertThat(last.getState()).as(last.toString()).isEqualTo(PipelineRun.State.COMPLETED);
                return;
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
                assertThat(Instant.now()).as(e.toString()).isBefore(giveUp);
            }
        }
    }

    private void everythingAcknowledgedIsThere(Client client) {
        assertThat(client.wholeNumbers(
                        client.features().withDeadlineAfter(SERVED_AGAIN_MAX.toSeconds(), TimeUnit.SECONDS),
                        "order",
                        written.keySet(),
                        "placed.items"))
                .isEqualTo(written);
        assertThat(client.listedScores("true")).containsAllEntriesOf(predicted);
        assertThat(client.replays()).isNotEmpty().allMatch(ReplayResult::getIdentical);
    }
}
