package dev.triptych.runtime.cli;

import dev.triptych.v1.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Shows predictions, made or recorded. */
record PredictionTable(Output output, boolean json) {

    void show(List<Prediction> predictions) {
        if (json) {
            predictions.forEach(output::json);
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("ID", "KEY", "DEPLOYMENT", "VERSION", "OUTPUT", "SCORES", "TIME"));
        for (Prediction prediction : predictions) {
            rows.add(List.of(
                    prediction.getId(),
                    prediction.getKey().isEmpty() ? "-" : prediction.getKey(),
                    prediction.getDeployment(),
                    prediction.getVersion() + (prediction.getShadowOf().isEmpty() ? "" : " (shadow)"),
                    prediction.getOutput(),
                    new TreeMap<>(prediction.getScoresMap())
                            .entrySet().stream()
                                    .map(score -> score.getKey() + " " + Output.number(score.getValue()))
                                    .collect(Collectors.joining(", ")),
                    Output.time(prediction.hasPredicted(), prediction.getPredicted())));
        }
        output.table(rows);
        predictions.forEach(prediction ->
                prediction.getWarningsList().forEach(warning -> output.line(prediction.getId() + ": " + warning)));
    }

    /** A line a feature and output, the largest contributions first. */
    void explain(List<Prediction> predictions) {
        for (Prediction prediction : predictions) {
            if (prediction.getExplanationMap().isEmpty()) {
                output.line(prediction.getId() + ": this version's predictions cannot be explained");
                continue;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("ID", "SCORE OF", "FEATURE", "CONTRIBUTION"));
            new TreeMap<>(prediction.getExplanationMap()).forEach((name, told) -> {
                rows.add(List.of(prediction.getId(), name, "(base)", Output.number(told.getBase())));
                told.getByFeatureMap().entrySet().stream()
                        .sorted(Comparator.comparingDouble(each -> -Math.abs(each.getValue())))
                        .forEach(each -> rows.add(
                                List.of(prediction.getId(), name, each.getKey(), Output.number(each.getValue()))));
            });
            output.table(rows);
        }
    }
}
