package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainerKind;
import dev.triptych.training.ModelTrainer.UntrainableException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A trainer's parameters: those its definition names, and the kind's defaults for the others. */
final class TrainerParameters {

    private final Map<String, Double> values = new HashMap<>();
    private final Map<String, String> used = new LinkedHashMap<>();

    /** @throws UntrainableException if one is unknown or out of its range */
    TrainerParameters(TrainerKind kind, TrainerDefinition trainer) {
        for (TrainerKind.Parameter parameter : kind.parameters()) {
            String text = trainer.parameters().getOrDefault(parameter.name(), otherwise(parameter));
            used.put(parameter.name(), text);
            values.put(
                    parameter.name(),
                    parameter
                            .value(text)
                            .orElseThrow(() -> refusal(trainer, parameter.name(), text, parameter.expected())));
        }
        List<String> names =
                kind.parameters().stream().map(TrainerKind.Parameter::name).toList();
        trainer.parameters().forEach((name, text) -> {
            if (!names.contains(name)) {
                throw refusal(trainer, name, text, "one of " + String.join(", ", names));
            }
        });
    }

    int whole(String name) {
        return (int) real(name);
    }

    double real(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** Every parameter as it was used, defaults included. */
    Map<String, String> used() {
        return Map.copyOf(used);
    }

    private static String otherwise(TrainerKind.Parameter parameter) {
        return parameter.whole() ? Long.toString((long) parameter.otherwise()) : Double.toString(parameter.otherwise());
    }

    private static UntrainableException refusal(TrainerDefinition trainer, String name, String value, String expected) {
        return new UntrainableException(trainer.kind() + "." + name + ": " + value + " (expected: " + expected + ")");
    }
}
