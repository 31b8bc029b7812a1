package dev.triptych.runtime.cli;

import dev.triptych.v1.ColumnDrift;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.QualityStep;
import java.util.Comparator;
import java.util.List;

/** Predicts passengers as they go on arriving, as a client would, and says how that goes. */
final class DemoArrivals {

    /** Keys of synthetic passengers, which are numbered, begin with an s. */
    private static final String BEFORE_THE_FIRST = "s";

    private static final int PAGE = 1_000;

    private final NodeClient client;
    private final String system;

    /** Of the last passenger predicted for. */
    private String last;

    DemoArrivals(NodeClient client, String system) {
        this.client = client;
        this.system = system;
        this.last = BEFORE_THE_FIRST;
    }

    /** Passes over those that are there. */
    DemoArrivals fromNowOn() {
        List<String> page;
        do {
            page = next();
        } while (!page.isEmpty());
        return this;
    }

    private List<String> next() {
        List<String> keys = client.features()
                .listKeys(ListKeysRequest.newBuilder()
                        .setSystem(system)
                        .setView("profile")
                        .setAfter(last)
                        .setLimit(PAGE)
                        .build())
                .getKeysList();
        last = keys.isEmpty() ? last : keys.getLast();
        return keys;
    }

    /** Predicts for those that have arrived since the last call. */
    void predict() {
        List<String> keys = next();
        if (!keys.isEmpty()) {
            var request = PredictRequest.newBuilder().setSystem(system);
            keys.forEach(key -> request.addInstances(Instance.newBuilder().setKey(key)));
            client.predictions().predict(request.build());
        }
    }

    /** Accuracy and greatest drift of late, in one line. */
    String monitored() {
        QualityStep quality = client.monitoring()
                .quality(QualityRequest.newBuilder().setSystem(system).build())
                .getWhole();
        DriftResponse drift = client.monitoring()
                .drift(DriftRequest.newBuilder().setSystem(system).build());
        String accuracy = quality.getOutcomes() == 0
                ? "no outcomes yet"
                : "live accuracy " + Output.number(quality.getMetricsOrDefault("accuracy", 0)) + " over "
                        + quality.getOutcomes() + " outcomes";
        return accuracy
                + drift.getColumnsList().stream()
                        .max(Comparator.comparingDouble(column -> column.getPsi() / column.getThreshold()))
                        .map(column -> "; greatest drift " + column.getFeature() + ", PSI "
                                + Output.number(column.getPsi()) + " of " + Output.number(column.getThreshold())
                                + drifted(column))
                        .orElse("");
    }

    private static String drifted(ColumnDrift column) {
        return column.getDrifted() ? ": drifted" : "";
    }
}
