package dev.triptych.runtime.cli;

import dev.triptych.v1.Metrics;
import dev.triptych.v1.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A version's metrics beside every baseline's. */
final class MetricsTable {

    private MetricsTable() {}

    /** Rows for {@link Output#table}. */
    static List<List<String>> of(ModelVersion version) {
        Map<String, Metrics> baselines = new TreeMap<>(version.getBaselineMetricsMap());
        var rows = new ArrayList<List<String>>();
        var heading = new ArrayList<>(List.of("METRIC", "MODEL"));
        heading.addAll(baselines.keySet());
        rows.add(heading);
        new TreeMap<>(version.getMetricsMap()).forEach((metric, value) -> {
            var row = new ArrayList<>(List.of(metric, Output.number(value)));
            baselines
                    .values()
                    .forEach(baseline -> row.add(
                            baseline.containsValues(metric) ? Output.number(baseline.getValuesOrThrow(metric)) : "-"));
            rows.add(row);
        });
        return rows;
    }
}
