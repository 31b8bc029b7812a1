package dev.triptych.bench;

import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictResponse;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.RegistryServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * The champion moves to and fro, once a second, while five thousand requests a second arrive, audit off. Every answer
 * is looked at: one that was asked for after a move was acknowledged must come from the version moved to, or from that of
 * a move begun since. Beside it, the same load while nothing moves.
 */
final class AliasMoves implements Main.Benchmark {

    private static final double OFFERED = 5_000;
    private static final double ADDED_P99_MILLIS = 10;
    private static final Duration BETWEEN_MOVES = Duration.ofSeconds(1);

    /** Versions the alias was moved to, in order; the first is where it was. */
    private final List<Integer> moves = new CopyOnWriteArrayList<>(List.of(2));

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicLong wrong = new AtomicLong();

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration turn = Duration.ofSeconds(quick ? 6 : 30);
        try (var served = new Served(2)) {
            promote(served, 2);
            CallLoad.closed(
                            Served.IN_FLIGHT,
                            Duration.ofSeconds(quick ? 5 : 15),
                            served.client()
                                    .calls(
                                            PredictionServiceGrpc.getPredictMethod(),
                                            Served.byKey("unrecorded"),
                                            (PredictResponse answer) -> {}))
                    .allWell();
            CallLoad.Result still = CallLoad.open(OFFERED, turn, calls(served)).allWell();
            CallLoad.Result moving = underMoves(served, turn);
            double added = moving.millisAt(99) - still.millisAt(99);
            return List.of(
                    Figure.atMost("alias-move-failed", moving.failed() - wrong.get(), "calls", 0)
                            .under(moving.load() + ", " + acknowledged + " moves", "off", moving),
                    Figure.atMost("alias-move-wrong-version", wrong.get(), "calls", 0)
                            .under(moving.load() + ", " + acknowledged + " moves", "off", moving),
                    Figure.atMost("alias-move-added-p99", added, "ms", ADDED_P99_MILLIS)
                            .under(still.load() + ", no moves", "off", still));
        }
    }

    private CallLoad.Result underMoves(Served served, Duration turn) throws InterruptedException {
        long until = System.nanoTime() + turn.toNanos();
        var mover = new Thread(
                () -> {
                    while (System.nanoTime() + BETWEEN_MOVES.toNanos() < until) {
                        pause();
                        int version = 3 - moves.getLast();
                        moves.add(version);
                        promote(served, version);
                        acknowledged.incrementAndGet();
                    }
                },
                "mover");
        mover.start();
        CallLoad.Result result = CallLoad.open(OFFERED, turn, calls(served));
        mover.join();
        if (acknowledged.get() != moves.size() - 1) {
            throw new IllegalStateException("a move was not acknowledged");
        }
        return result;
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_MOVES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void promote(Served served, int version) {
        RegistryServiceGrpc.newBlockingStub(served.client().channel())
                .promote(PromoteRequest.newBuilder()
                        .setSystem("served")
                        .setModel("high")
                        .setVersion(version)
                        .setBy("bench")
                        .setReason("to and fro")
                        .build());
    }

    private CallLoad.Call calls(Served served) {
        LongFunction<PredictRequest> requests = Served.byKey("unrecorded");
        return (number, ending) -> {
            int before = acknowledged.get();
            served.client()
                    .calls(
                            PredictionServiceGrpc.getPredictMethod(),
                            requests,
                            (PredictResponse answer) -> require(answer, before))
                    .begin(number, ending);
        };
    }

    private void require(PredictResponse answer, int acknowledgedBefore) {
        int version = answer.getPredictions(0).getVersion();
        List<Integer> all = List.copyOf(moves);
        List<Integer> allowed = all.subList(acknowledgedBefore, all.size());
        if (!allowed.contains(version)) {
            wrong.incrementAndGet();
            throw new IllegalStateException("version " + version + " answered (expected: one of " + allowed + ")");
        }
    }
}
