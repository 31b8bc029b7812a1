package dev.triptych.bench;

import akka.actor.typed.ActorRef;
import dev.triptych.runtime.LocalCluster;
import dev.triptych.runtime.LocalCluster.Running;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.features.FeatureEntity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads of ten features of keys that another process owns, at a rate that is offered. */
final class RemoteReads implements Main.Benchmark {

    private static final double READS_PER_SECOND = 20_000;
    private static final int KEYS = 1_000;
    private static final int IN_FLIGHT_WARMING = 64;
    private static final long START_SECONDS_MAX = 120;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        try (ScratchFolder folder = ScratchFolder.create("remote");
                var cluster = LocalCluster.start(
                        folder.path(),
                        BenchNode.systems(),
                        List.of(
                                "-XX:+IgnoreUnrecognizedVMOptions",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseParallelGC",
                                "-Xmx2g"),
                        line -> {})) {
            Running owner = cluster.startNode(
                    "owner",
                    List.of(NodeRoles.FEATURE, NodeRoles.TRAINING, NodeRoles.INFERENCE),
                    0,
                    0,
                    List.of("--no-cadences"));
            owner.grpcAddress().get(START_SECONDS_MAX, TimeUnit.SECONDS);
            try (var asking = new BenchNode(
                    "cluster",
                    Map.of(
                            "triptych.node",
                            "asking",
                            "triptych.roles",
                            List.of(NodeRoles.GATEWAY),
                            "triptych.shared",
                            folder.path().resolve("shared").toString(),
                            "triptych.postgres.url",
                            cluster.database().url(),
                            "triptych.postgres.user",
                            cluster.database().user()))) {
                long now = System.currentTimeMillis() * 1_000;
                for (int i = 0; i < KEYS; i++) {
                    asking.write("remote-" + i, now - 1).toCompletableFuture().join();
                }
                Duration turn = Duration.ofSeconds(quick ? 4 : 15);
                // In a closed loop: while nothing is compiled yet, an open one would leave more waiting than it
                // measures.
                CallLoad.closed(IN_FLIGHT_WARMING, turn, (number, ending) -> read(asking, number, ending));
                CallLoad.Result result =
                        CallLoad.open(READS_PER_SECOND, turn, (number, ending) -> read(asking, number, ending));
                return List.of(
                        Figure.atLeast("remote", result.achieved(), "reads/s", Double.NaN, READS_PER_SECOND * 0.99),
                        Figure.atMost("remote-p99", result.millisAt(99), "ms", 3)
                                .under("20,000/s offered over two processes", "-", result));
            }
        }
    }

    private static void read(BenchNode asking, long number, CallLoad.Ending ending) {
        PatientAsk.ask(
                        asking.node().actors(),
                        NodeRoles.FEATURE,
                        asking.entity("remote-" + number % KEYS),
                        (ActorRef<FeatureEntity.ReadReply> replyTo) -> new FeatureEntity.Read(
                                BenchNode.READS, Optional.empty(), Optional.empty(), Optional.empty(), replyTo),
                        BenchNode.ASK_TIMEOUT)
                .whenComplete((reply, failure) -> ending.ended(failure));
    }
}
