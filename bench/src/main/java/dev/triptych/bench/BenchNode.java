package dev.triptych.bench;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.WatchRunRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A real node on a data directory of its own, with the system of the benchmarks. */
final class BenchNode implements AutoCloseable {

    static final Duration ASK_TIMEOUT = Duration.ofSeconds(30);

    static final List<String> NAMES =
            IntStream.range(0, 10).mapToObj(i -> "x" + i).toList();

    static final String TYPES = "f".repeat(NAMES.size());

    static final List<FeatureRead> READS = NAMES.stream()
            .map(name -> new FeatureRead(
                    "numbers", name, FeatureType.FLOAT64, Optional.empty(), FeatureRead.Boundary.INCLUSIVE))
            .toList();

    private final ScratchFolder data;
    private final Node node;
    private final ClusterSharding sharding;

    BenchNode() throws IOException {
        this(Map.of());
    }

    /** @param more settings, by path */
    BenchNode(Map<String, Object> more) throws IOException {
        this("local", more);
    }

    /** @param profile of config/ */
    BenchNode(String profile, Map<String, Object> more) throws IOException {
        data = ScratchFolder.create("bench");
        var settings = new HashMap<String, @Nullable Object>(Map.of(
                "triptych.data",
                data.path().toString(),
                "triptych.systems",
                systems().toString(),
                "triptych.grpc.port",
                0,
                "triptych.http.port",
                0,
                "triptych.cadences",
                false));
        settings.putAll(more);
        node = Node.start(NodeSettings.load(profile, settings));
        sharding = ClusterSharding.get(node.actors());
    }

    static Path systems() {
        return Path.of(System.getProperty("triptych.home", "."), "bench", "systems");
    }

    Node node() {
        return node;
    }

    /** A connection as any client's; its opener shuts it down. */
    ManagedChannel connect() {
        return NettyChannelBuilder.forTarget(node.grpcAddress()).usePlaintext().build();
    }

    /** Runs the system's one pipeline of a kind to its end; fails where the run does. */
    PipelineRun complete(ManagedChannel channel, String system, PipelineKind kind, Map<String, String> options) {
        var pipelines = PipelineServiceGrpc.newBlockingStub(channel);
        PipelineRun run = pipelines.run(RunPipelineRequest.newBuilder()
                .setSystem(system)
                .setKind(kind)
                .putAllOptions(options)
                .build());
        Iterator<PipelineRun> moves = pipelines.watchRun(
                WatchRunRequest.newBuilder().setRunId(run.getRunId()).build());
        while (moves.hasNext()) {
            run = moves.next();
        }
        if (run.getState() != PipelineRun.State.COMPLETED) {
            throw new IllegalStateException("run " + run.getRunId() + " failed: " + run.getReason());
        }
        return run;
    }

    EntityRef<FeatureEntity.Command> entity(String key) {
        return sharding.entityRefFor(FeatureEntity.TYPE_KEY, new EntityId("numbers", "item", key).path());
    }

    /** Writes one row with numbers at random; fails where it is refused. */
    CompletionStage<FeatureEntity.Written> write(String key, long eventMicros) {
        return entity(key)
                .ask(
                        (ActorRef<FeatureEntity.WriteReply> replyTo) -> new FeatureEntity.Write(
                                "numbers",
                                NAMES,
                                TYPES,
                                List.of(row(eventMicros)),
                                Optional.empty(),
                                Optional.empty(),
                                replyTo),
                        ASK_TIMEOUT)
                .thenApply(reply -> switch (reply) {
                    case FeatureEntity.Written written -> written;
                    case FeatureEntity.Refused(var reason) -> throw new IllegalStateException(reason.message());
                });
    }

    static FeatureRow row(long eventMicros) {
        var random = ThreadLocalRandom.current();
        var values = new ArrayList<Value>(NAMES.size());
        for (int i = 0; i < NAMES.size(); i++) {
            values.add(new Value.Float64(random.nextDouble()));
        }
        return new FeatureRow(eventMicros, values);
    }

    @Override
    public void close() {
        node.close();
        data.close();
    }
}
