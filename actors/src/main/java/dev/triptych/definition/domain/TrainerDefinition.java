package dev.triptych.definition.domain;

import java.util.Map;

/**
 * A trainer and its parameters.
 *
 * @param kind {@code logistic-regression}, {@code linear-regression}, {@code random-forest} or {@code xgboost}
 * @param parameters only those named by the user, as written; the trainer knows its defaults
 */
public record TrainerDefinition(String kind, Map<String, String> parameters) {
    public TrainerDefinition {
        parameters = Map.copyOf(parameters);
    }
}
