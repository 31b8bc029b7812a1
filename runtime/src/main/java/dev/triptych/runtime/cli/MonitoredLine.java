package dev.triptych.runtime.cli;

import dev.triptych.v1.ColumnDrift;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.QualityStep;
import java.util.Comparator;

/** Live accuracy and greatest drift of a system of late, in one line. */
final class MonitoredLine {

    private MonitoredLine() {}

    static String of(NodeClient client, String system) {
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
