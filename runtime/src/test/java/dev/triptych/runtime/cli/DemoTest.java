package dev.triptych.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {

    @Test
    @Timeout(180)
    void takesRealPassengersFromRawRowsToReplayedPredictions() {
        CommandLineResult demo = CommandLineResult.of("demo", "--once", "--json", "--systems", "../config/systems");

        assertThat(demo.exitCode()).as(demo.toString()).isZero();
        JsonObject report =
                JsonParser.parseString(demo.out().lines().toList().getLast()).getAsJsonObject();
        assertThat(report.get("passengers").getAsInt()).as("real and synthetic").isEqualTo(1_309 + 200);
        assertThat(report.get("datasetRows").getAsInt()).isEqualTo(1_309);
        assertThat(report.get("datasetHash").getAsString()).hasSize(64);
        assertThat(report.get("model").getAsString()).isEqualTo("survival");
        assertThat(report.get("version").getAsInt()).isEqualTo(1);

        assertThat(accuracy(report.getAsJsonObject("metrics"))).isBetween(0.78, 0.9);
        assertThat(report.getAsJsonObject("metrics").keySet()).contains("auc", "log-loss");
        // Known of the data: 809 of 1,309 died, and 1,021 did as their sex foretells.
        JsonObject baselines = report.getAsJsonObject("baselineMetrics");
        assertThat(accuracy(baselines.getAsJsonObject("majority"))).isEqualTo(809.0 / 1_309);
        assertThat(accuracy(baselines.getAsJsonObject("sex-only"))).isEqualTo(1_021.0 / 1_309);

        assertThat(report.get("monitored").getAsString()).contains("greatest drift", "PSI");

        // Each synthetic passenger online, and everyone in the batch.
        int predictions = report.get("predictions").getAsInt();
        assertThat(predictions).isEqualTo(200 + 1_309 + 200);
        assertThat(report.get("replayed").getAsInt()).isEqualTo(predictions);
        assertThat(report.get("replayedIdentical").getAsInt()).isEqualTo(predictions);
        assertThat(report.get("millisToFirstPrediction").getAsLong()).isPositive();
    }

    private static double accuracy(JsonObject metrics) {
        return metrics.get("accuracy").getAsDouble();
    }
}
