package dev.triptych.runtime.cli;

import com.google.gson.JsonObject;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PipelineRun;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the demo did.
 *
 * @param liveAccuracy share of synthetic passengers whose outcome was foretold, in [0, 1]
 * @param monitored live accuracy and greatest drift as monitoring measures them, in one line
 * @param predictions made, online and batch together
 * @param replayed every prediction on record, those of earlier demos on the same data included
 * @param millisToFirstPrediction from the start of the process to the first answer
 */
record DemoReport(
        PipelineRun backfill,
        PipelineRun training,
        PipelineRun arrivals,
        PipelineRun batch,
        int syntheticPassengers,
        String model,
        ModelVersion version,
        int outcomes,
        double liveAccuracy,
        String monitored,
        long predictions,
        long replayed,
        long replayedIdentical,
        long millisToFirstPrediction) {

    boolean good() {
        return replayed >= predictions && replayedIdentical == replayed;
    }

    private long realPassengers() {
        return backfill.getCountsOrDefault("rowsRead", 0);
    }

    private boolean promoted() {
        return training.getCountsOrDefault("promoted", 0) == 1;
    }

    String json() {
        var json = new JsonObject();
        json.addProperty("passengers", realPassengers() + syntheticPassengers);
        json.addProperty("realPassengers", realPassengers());
        json.addProperty("syntheticPassengers", syntheticPassengers);
        json.addProperty("datasetRows", version.getProvenance().getDatasetRows());
        json.addProperty("datasetHash", version.getProvenance().getDatasetHash());
        json.addProperty("model", model);
        json.addProperty("version", version.getNumber());
        json.add("metrics", object(version.getMetricsMap()));
        var baselines = new JsonObject();
        new TreeMap<>(version.getBaselineMetricsMap())
                .forEach((name, metrics) -> baselines.add(name, object(metrics.getValuesMap())));
        json.add("baselineMetrics", baselines);
        json.addProperty("outcomes", outcomes);
        json.addProperty("liveAccuracy", liveAccuracy);
        json.addProperty("monitored", monitored);
        json.addProperty("predictions", predictions);
        json.addProperty("replayed", replayed);
        json.addProperty("replayedIdentical", replayedIdentical);
        json.addProperty("millisToFirstPrediction", millisToFirstPrediction);
        return json.toString();
    }

    private static JsonObject object(Map<String, Double> metrics) {
        var json = new JsonObject();
        new TreeMap<>(metrics).forEach(json::addProperty);
        return json;
    }

    void print(Output output) {
        output.line("feature pipeline    " + realPassengers() + " passengers backfilled in " + RunView.seconds(backfill)
                + ", " + syntheticPassengers + " more arrived in " + RunView.seconds(arrivals));
        output.line("training pipeline   " + model + " version " + version.getNumber() + " from "
                + version.getProvenance().getDatasetRows() + " rows in " + RunView.seconds(training)
                + (promoted() ? ", gates passed, now champion" : ", the champion from before, not beaten"));
        output.line("inference pipeline  " + syntheticPassengers + " predicted over gRPC, "
                + batch.getCountsOrDefault("predictions", 0) + " in a batch of " + RunView.seconds(batch));
        output.line("outcomes            " + outcomes + " arrived; foretold right "
                + String.format(Locale.ROOT, "%.1f %%", 100 * liveAccuracy));
        output.line("monitoring          " + monitored);
        output.line("audit               " + replayed + " predictions replayed, " + replayedIdentical
                + " identical to the bit");
        output.line("first prediction    " + String.format(Locale.ROOT, "%.1f s", millisToFirstPrediction / 1000.0)
                + " after the start");
        output.line("");
        output.table(MetricsTable.of(version));
    }
}
