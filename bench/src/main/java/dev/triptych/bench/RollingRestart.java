package dev.triptych.bench;

import com.google.protobuf.Timestamp;
import dev.triptych.bench.chaos.Fleet;
import dev.triptych.bench.chaos.Ground;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.Value;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.CallOptions;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes stopped and started again in order under 1,000 requests a second: of ten, four reads and four predictions by
 * key and two writes. The client has what gRPC has for it: round robin over the addresses that say they serve, and a retry
 * policy; each request has a deadline.
 */
final class RollingRestart implements Main.Benchmark {

    private static final double REQUESTS_PER_SECOND = 1_000;
    private static final int KEYS = 300;
    private static final long DEADLINE_SECONDS = 10;
    private static final long RECONNECT_SECONDS_MAX = 60;
    private static final String SYSTEM = "shop";
    private static final double MILLIS_TARGET = 1_000;
    private static final double READY_SECONDS_TARGET = 8;

    /** As gRPC's service configuration (gRFC A6, A17) has it. */
    private static final Map<String, ?> SERVICE = Map.of(
            "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
            "healthCheckConfig", Map.of("serviceName", ""),
            "methodConfig",
                    List.of(Map.of(
                            "name",
                            List.of(Map.of()),
                            "retryPolicy",
                            Map.of(
                                    "maxAttempts",
                                    5.0,
                                    "initialBackoff",
                                    "0.1s",
                                    "maxBackoff",
                                    "1s",
                                    "backoffMultiplier",
                                    2.0,
                                    "retryableStatusCodes",
                                    List.of("UNAVAILABLE")))));

    /** When each node answered last, by its address; in {@link System#nanoTime}. */
    private final Map<String, Long> answered = new ConcurrentHashMap<>();

    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration calm = Duration.ofSeconds(quick ? 3 : 10);
        try (ScratchFolder folder = ScratchFolder.create("rolling");
                Fleet fleet = Fleet.serving(folder.path(), Ground.LOOPBACK)) {
            ManagedChannel channel = connect(fleet.addresses());
            try {
                var rolling = new AtomicBoolean(true);
                // Connections, and what the nodes have not done yet, are no part of it.
                CallLoad.open(REQUESTS_PER_SECOND / 2, calm, (number, ending) -> ask(channel, number, ending));
                answered.clear();
                failures.clear();
                var load = CompletableFuture.supplyAsync(() -> {
                    try {
                        return CallLoad.open(
                                REQUESTS_PER_SECOND,
                                number -> rolling.get(),
                                (number, ending) -> ask(channel, number, ending));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                double slowestStart = 0;
                for (String node : fleet.byAge()) {
                    fleet.stop(node);
                    long begun = System.nanoTime();
                    fleet.start(node);
                    long ready = System.nanoTime();
                    slowestStart = Math.max(slowestStart, (ready - begun) / 1e9);
                    awaitAnswer(fleet.address(node), ready);
                    System.err.printf(
                            "  %s was ready after %.1f s, and answered the client %.1f s later%n",
                            node, (ready - begun) / 1e9, (System.nanoTime() - ready) / 1e9);
                    TimeUnit.NANOSECONDS.sleep(calm.toNanos());
                }
                rolling.set(false);
                CallLoad.Result result = load.join();
                failures.forEach((what, times) -> System.err.println("  failed " + times + " x: " + what));
                return List.of(
                        Figure.atMost("rolling-failed", result.failed(), "requests", 0),
                        Figure.atMost("rolling-p99", result.millisAt(99), "ms", MILLIS_TARGET)
                                .under("1,000/s offered to three nodes", "durable", result),
                        Figure.atMost("rolling-start", slowestStart, "s", READY_SECONDS_TARGET));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /**
     * A node that has gone is tried again after a pause that grows by 1.6 each time, as gRPC has it: from a second on, so
     * that a client finds one that was away for ten seconds up to nine later. Whoever goes on before that takes the next
     * node from a client that has not the last one back; rolling updates have {@code minReadySeconds} for it.
     */
    private void awaitAnswer(String address, long sinceNanos) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(RECONNECT_SECONDS_MAX);
        while (answered.getOrDefault(address, sinceNanos) - sinceNanos <= 0) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IllegalStateException("the client was not answered by " + address + " within "
                        + RECONNECT_SECONDS_MAX + " s after it was ready");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void ask(ManagedChannel channel, long number, CallLoad.Ending ending) {
        String key = "rolling-" + number % KEYS;
        switch ((int) (number / KEYS % 5)) {
            case 0 ->
                call(
                        channel,
                        FeatureServiceGrpc.getWriteMethod(),
                        WriteFeaturesRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .setView("placed")
                                .setWriteId("rolling-" + number)
                                .addRows(FeatureRow.newBuilder()
                                        .setKey(key)
                                        .setEventTime(Timestamp.newBuilder().setSeconds(1_700_000_000L + number))
                                        .putValues(
                                                "items",
                                                Value.newBuilder()
                                                        .setInt64(number)
                                                        .build()))
                                .build(),
                        ending);
            case 1, 2 ->
                call(
                        channel,
                        FeatureServiceGrpc.getReadMethod(),
                        ReadFeaturesRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .setEntity("order")
                                .addKeys(key)
                                .addFeatures("placed.items")
                                .build(),
                        ending);
            default ->
                call(
                        channel,
                        PredictionServiceGrpc.getPredictMethod(),
                        PredictRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .addInstances(Instance.newBuilder().setKey(key))
                                .build(),
                        ending);
        }
    }

    private <Q, A> void call(ManagedChannel channel, MethodDescriptor<Q, A> method, Q request, CallLoad.Ending ending) {
        var call = channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        ClientCalls.asyncUnaryCall(call, request, new Client.Answer<>(answer -> {}, failure -> {
            if (failure != null) {
                failures.merge(kind(failure), 1, Integer::sum);
            } else if (call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress node) {
                answered.put(node.getHostString() + ":" + node.getPort(), System.nanoTime());
            }
            ending.ended(failure);
        }));
    }

    /** Without what differs from one to the next. */
    private static String kind(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        return status.getCode() + " "
                + String.valueOf(status.getDescription())
                        .replaceAll("\\[closed=.*", "")
                        .replaceAll("[0-9.]+", "…");
    }

    private static ManagedChannel connect(List<String> addresses) {
        NameResolverRegistry.getDefaultRegistry().register(new Addresses(addresses));
        return NettyChannelBuilder.forTarget(Addresses.SCHEME + ":///")
                .usePlaintext()
                .enableRetry()
                .defaultServiceConfig(SERVICE)
                .build();
    }

    /** Names that stand for addresses which are known beforehand. */
    private static final class Addresses extends NameResolverProvider {
        private static final String SCHEME = "nodes";
        private static final int PRIORITY = 5;

        private final List<EquivalentAddressGroup> groups;

        Addresses(List<String> addresses) {
            groups = addresses.stream()
                    .map(address -> address.split(":"))
                    .map(address ->
                            new EquivalentAddressGroup(new InetSocketAddress(address[0], Integer.parseInt(address[1]))))
                    .toList();
        }

        @Override
        public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
            if (!SCHEME.equals(target.getScheme())) {
                return null;
            }
            return new NameResolver() {
                @Override
                public String getServiceAuthority() {
                    return "localhost";
                }

                @Override
                public void start(Listener2 listener) {
                    listener.onResult(ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(groups))
                            .build());
                }

                @Override
                public void shutdown() {}
            };
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return PRIORITY;
        }

        @Override
        public String getDefaultScheme() {
            return SCHEME;
        }
    }
}
