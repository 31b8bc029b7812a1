package dev.triptych.bench;

import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.ReplayRequest;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Replay of recorded predictions, bits compared, as a client of the node sees it: every key predicted from its features,
 * a hundred trees of depth six. Beside it, a replay of the same predictions one call at a time.
 */
final class Replaying implements Main.Benchmark {

    private static final double PREDICTIONS_PER_SECOND_TARGET = 30_000;
    private static final int INSTANCES_A_REQUEST = 1_000;
    private static final int KEYS = 10_000;
    private static final int ONE_BY_ONE = 500;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        int predictions = quick ? 10_000 : 200_000;
        try (var node = new BenchNode()) {
            ManagedChannel channel = node.connect();
            try {
                node.complete(channel, "served", PipelineKind.FEATURE, Map.of());
                node.complete(channel, "served", PipelineKind.TRAINING, Map.of());
                String last = predict(channel, predictions);
                var audit = AuditServiceGrpc.newBlockingStub(channel);
                replay(channel, predictions);
                double single = ONE_BY_ONE / oneByOne(audit, last);
                double all = predictions / replay(channel, predictions);
                return List.of(Figure.atLeast("replay", all, "predictions/s", single, PREDICTIONS_PER_SECOND_TARGET));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** @return the id of the last prediction */
    private static String predict(ManagedChannel channel, int predictions) {
        var service = PredictionServiceGrpc.newBlockingStub(channel);
        String last = "";
        for (int made = 0; made < predictions; made += INSTANCES_A_REQUEST) {
            var request = PredictRequest.newBuilder().setSystem("served").setDeployment("durable");
            for (int i = 0; i < INSTANCES_A_REQUEST; i++) {
                request.addInstances(Instance.newBuilder().setKey("k" + (made + i) % KEYS));
            }
            last = service.predict(request.build())
                    .getPredictions(INSTANCES_A_REQUEST - 1)
                    .getId();
        }
        return last;
    }

    /**
     * With gRPC's asynchronous stub: its blocking iterator hands each message to another thread, which took twice as long.
     *
     * @return seconds
     */
    private static double replay(ManagedChannel channel, int predictions) throws Exception {
        long begun = System.nanoTime();
        var identical = new AtomicInteger();
        var ended = new CompletableFuture<@Nullable Throwable>();
        AuditServiceGrpc.newStub(channel)
                .replay(
                        ReplayRequest.newBuilder().setSystem("served").build(),
                        new Client.Answer<>(
                                result -> identical.addAndGet(result.getIdentical() ? 1 : 0), ended::complete));
        Throwable failure = ended.get();
        if (failure != null || identical.get() != predictions) {
            throw new IllegalStateException(
                    identical + " of " + predictions + " predictions replayed identically", failure);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    /** @return seconds */
    private static double oneByOne(AuditServiceGrpc.AuditServiceBlockingStub audit, String id) {
        long begun = System.nanoTime();
        for (int i = 0; i < ONE_BY_ONE; i++) {
            audit.replay(ReplayRequest.newBuilder().setId(id).build()).next();
        }
        return (System.nanoTime() - begun) / 1e9;
    }
}
