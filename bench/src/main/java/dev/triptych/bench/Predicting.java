package dev.triptych.bench;

import dev.triptych.oip.ModelInferResponse;
import dev.triptych.v1.PredictResponse;
import dev.triptych.v1.PredictionServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code Predict} by key, one key a request, with audit off and durable, in turn with a server of the same messages that
 * only answers; then as many requests a second as leaves the node air to breathe, for the latencies: the turn in the middle of three, as
 * the machine is shared.
 */
final class Predicting implements Main.Benchmark {

    private static final double UNRECORDED_RATIO = 0.5;
    private static final double DURABLE_RATIO = 0.25;
    private static final int OPEN_TURNS = 3;
    private static final double DURABLE_P50_MILLIS = 6;
    private static final double DURABLE_P99_MILLIS = 25;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration turn = Duration.ofSeconds(quick ? 2 : 10);
        Duration warming = Duration.ofSeconds(quick ? 4 : 15);
        try (var served = new Served(1)) {
            PredictResponse recorded = PredictionServiceGrpc.newBlockingStub(
                            served.client().channel())
                    .predict(Served.byKey("unrecorded").apply(0));
            try (var limit = LimitServer.start(recorded, ModelInferResponse.getDefaultInstance());
                    var limitClient = new Client(limit.address())) {
                CallLoad.Call nothing = calls(limitClient, "unrecorded");
                CallLoad.Call unrecorded = calls(served.client(), "unrecorded");
                CallLoad.Call durable = calls(served.client(), "durable");
                closed(served, warming, unrecorded);
                // Three times the code, so it is compiled for three times as long.
                closed(served, warming.multipliedBy(3), durable);
                closed(served, warming.dividedBy(2), nothing);

                var limits = new ArrayList<CallLoad.Result>();
                var offs = new ArrayList<CallLoad.Result>();
                var durables = new ArrayList<CallLoad.Result>();
                for (int i = 0; i < (quick ? 2 : 3); i++) {
                    limits.add(closed(served, turn, nothing));
                    offs.add(closed(served, turn, unrecorded));
                    durables.add(closed(served, turn, durable));
                }
                CallLoad.Result off = CallLoad.median(offs);
                CallLoad.Result committed = CallLoad.median(durables);
                CallLoad.Result offOpen = open(served, turn, off, unrecorded);
                CallLoad.Result committedOpen = open(served, turn, committed, durable);
                return figures(CallLoad.median(limits), off, committed, offOpen, committedOpen);
            }
        }
    }

    private static List<Figure> figures(
            CallLoad.Result limit,
            CallLoad.Result off,
            CallLoad.Result committed,
            CallLoad.Result offOpen,
            CallLoad.Result committedOpen) {
        return List.of(
                Figure.ofRatio("limit", limit.achieved(), "calls/s", limit.achieved(), 1)
                        .under(Served.LOAD, "-", limit),
                Figure.ofRatio("predict-off", off.achieved(), "calls/s", limit.achieved(), UNRECORDED_RATIO)
                        .under(Served.LOAD, "off", off),
                Figure.ofRatio("predict-durable", committed.achieved(), "calls/s", limit.achieved(), DURABLE_RATIO)
                        .under(Served.LOAD, "durable", committed),
                Figure.atMost("predict-off-p99", offOpen.millisAt(99), "ms", DURABLE_P99_MILLIS)
                        .under(offOpen.load(), "off", offOpen),
                Figure.atMost("predict-durable-p99", committedOpen.millisAt(99), "ms", DURABLE_P99_MILLIS)
                        .under(committedOpen.load(), "durable", committedOpen),
                Figure.atMost("predict-durable-p50", committedOpen.millisAt(50), "ms", DURABLE_P50_MILLIS)
                        .under(committedOpen.load(), "durable", committedOpen));
    }

    private static CallLoad.Call calls(Client client, String deployment) {
        return client.calls(PredictionServiceGrpc.getPredictMethod(), Served.byKey(deployment), Predicting::requireOne);
    }

    private static void requireOne(PredictResponse answer) {
        if (answer.getPredictionsCount() != 1) {
            throw new IllegalStateException(answer.getPredictionsCount() + " predictions (expected: 1)");
        }
    }

    private static CallLoad.Result closed(Served served, Duration duration, CallLoad.Call call)
            throws InterruptedException {
        CallLoad.Result result =
                CallLoad.closed(Served.IN_FLIGHT, duration, call).allWell();
        served.catchUp();
        return result;
    }

    private static CallLoad.Result open(Served served, Duration duration, CallLoad.Result closed, CallLoad.Call call)
            throws InterruptedException {
        var results = new ArrayList<CallLoad.Result>();
        for (int i = 0; i < OPEN_TURNS; i++) {
            results.add(CallLoad.open(closed.half(), duration, call).allWell());
            served.catchUp();
        }
        return CallLoad.medianAt(99, results);
    }
}
