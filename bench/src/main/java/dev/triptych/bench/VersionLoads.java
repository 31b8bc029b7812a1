package dev.triptych.bench;

import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ModelInferRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * From asking for a version that the node has not loaded to the answer: its artifact is fetched, loaded, laid out and
 * checked against Tribuo on the way. Then a thousand requests to it, one after the other, which find it warm.
 */
final class VersionLoads implements Main.Benchmark {

    private static final double LOAD_MILLIS = 2_000;
    private static final double WARM_P99_MILLIS = 10;
    private static final int WARM_REQUESTS = 1_000;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        int versions = quick ? 4 : 10;
        try (var served = new Served(versions + 1)) {
            var service =
                    GRPCInferenceServiceGrpc.newBlockingStub(served.client().channel());
            LongFunction<ModelInferRequest> rows = Served.rows("unrecorded");
            var millis = new ArrayList<Double>();
            var warm = new Histogram(3);
            // The first is the champion, which was loaded when it became that.
            for (int version = 2; version <= versions + 1; version++) {
                String number = String.valueOf(version);
                long begun = System.nanoTime();
                service.modelInfer(
                        rows.apply(0).toBuilder().setModelVersion(number).build());
                millis.add((System.nanoTime() - begun) / 1e6);
                for (int i = 0; i < WARM_REQUESTS; i++) {
                    ModelInferRequest request =
                            rows.apply(i).toBuilder().setModelVersion(number).build();
                    long asked = System.nanoTime();
                    service.modelInfer(request);
                    warm.recordValue(System.nanoTime() - asked);
                }
            }
            double slowest = millis.stream().mapToDouble(each -> each).max().orElseThrow();
            double median = millis.stream().sorted().toList().get(versions / 2);
            return List.of(
                    Figure.atMost("load", median, "ms", LOAD_MILLIS),
                    Figure.atMost("load-slowest", slowest, "ms", LOAD_MILLIS),
                    Figure.atMost("load-then-p99", warm.getValueAtPercentile(99) / 1e6, "ms", WARM_P99_MILLIS));
        }
    }
}
