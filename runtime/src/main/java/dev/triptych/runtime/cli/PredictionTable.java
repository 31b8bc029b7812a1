package dev.triptych.runtime.cli;

import dev.triptych.v1.Prediction;
import java.util.ArrayList;
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
                    String.valueOf(prediction.getVersion()),
                    prediction.getOutput(),
                    new TreeMap<>(prediction.getScoresMap())
                            .entrySet().stream()
                                    .map(score -> score.getKey() + " " + Output.number(score.getValue()))
                                    .collect(Collectors.joining(", ")),
                    Output.time(prediction.hasPredicted(), prediction.getPredicted())));
        }
        output.table(rows);
    }
}
