package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.training.ModelTrainer.UntrainableException;
import java.util.Map;
import java.util.TreeMap;

/** A trainer's parameters: those its definition names, and defaults for the others. */
final class TrainerParameters {

    private final TrainerDefinition trainer;
    private final Map<String, String> used = new TreeMap<>();

    TrainerParameters(TrainerDefinition trainer) {
        this.trainer = trainer;
    }

    int whole(String name, int otherwise, int min, int max) {
        String text = text(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notWhole) {
            throw outOf(name, text, "a whole number from " + min + " to " + max);
        }
        throw outOf(name, text, "a whole number from " + min + " to " + max);
    }

    double real(String name, double otherwise, double min, double max) {
        String text = text(name, Double.toString(otherwise));
        try {
            double value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw outOf(name, text, "a number from " + min + " to " + max);
        }
        throw outOf(name, text, "a number from " + min + " to " + max);
    }

    /** Every parameter asked for so far, as it was used. */
    Map<String, String> used() {
        return Map.copyOf(used);
    }

    /** To be called when all have been asked for. */
    void requireNoOthers() {
        for (Map.Entry<String, String> given : trainer.parameters().entrySet()) {
            if (!used.containsKey(given.getKey())) {
                throw outOf(given.getKey(), given.getValue(), "one of " + String.join(", ", used.keySet()));
            }
        }
    }

    private String text(String name, String otherwise) {
        String text = trainer.parameters().getOrDefault(name, otherwise).strip();
        used.put(name, text);
        return text;
    }

    private UntrainableException outOf(String name, String value, String expected) {
        return new UntrainableException(trainer.kind() + "." + name + ": " + value + " (expected: " + expected + ")");
    }
}
