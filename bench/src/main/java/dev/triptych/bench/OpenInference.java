package dev.triptych.bench;

import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.v1.PredictResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ModelInfer} of the Open Inference Protocol: one row of twelve tensors a request, audit off, in turn with a
 * server of the same messages that only answers; then so many requests a second, for the latencies.
 */
final class OpenInference implements Main.Benchmark {

    private static final double RATIO = 0.7;
    private static final double P99_MILLIS = 25;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration turn = Duration.ofSeconds(quick ? 3 : 10);
        Duration warming = Duration.ofSeconds(quick ? 5 : 15);
        try (var served = new Served(1)) {
            ModelInferResponse recorded = GRPCInferenceServiceGrpc.newBlockingStub(
                            served.client().channel())
                    .modelInfer(Served.rows("unrecorded").apply(0));
            try (var limit = LimitServer.start(PredictResponse.getDefaultInstance(), recorded);
                    var limitClient = new Client(limit.address())) {
                CallLoad.Call nothing = calls(limitClient);
                CallLoad.Call rows = calls(served.client());
                closed(warming, rows);
                closed(warming.dividedBy(2), nothing);

                var limits = new ArrayList<CallLoad.Result>();
                var measured = new ArrayList<CallLoad.Result>();
                for (int i = 0; i < (quick ? 2 : 3); i++) {
                    limits.add(closed(turn, nothing));
                    measured.add(closed(turn, rows));
                }
                CallLoad.Result all = CallLoad.median(measured);
                CallLoad.Result open = CallLoad.open(all.half(), turn, rows).allWell();
                return figures(CallLoad.median(limits), all, open);
            }
        }
    }

    private static List<Figure> figures(CallLoad.Result limit, CallLoad.Result all, CallLoad.Result open) {
        return List.of(
                Figure.ofRatio("limit", limit.achieved(), "calls/s", limit.achieved(), 1)
                        .under(Served.LOAD, "-", limit),
                Figure.ofRatio("oip-row", all.achieved(), "calls/s", limit.achieved(), RATIO)
                        .under(Served.LOAD, "off", all),
                Figure.atMost("oip-row-p99", open.millisAt(99), "ms", P99_MILLIS)
                        .under(open.load(), "off", open));
    }

    private static CallLoad.Call calls(Client client) {
        return client.calls(
                GRPCInferenceServiceGrpc.getModelInferMethod(), Served.rows("unrecorded"), OpenInference::requireAll);
    }

    private static void requireAll(ModelInferResponse answer) {
        if (answer.getOutputsCount() != 3) {
            throw new IllegalStateException(answer.getOutputsCount() + " tensors (expected: 3)");
        }
    }

    private static CallLoad.Result closed(Duration duration, CallLoad.Call call) throws InterruptedException {
        return CallLoad.closed(Served.IN_FLIGHT, duration, call).allWell();
    }
}
