package dev.triptych.store.models.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.store.features.domain.FeatureRead;
import java.util.List;

/**
 * What a model takes and gives.
 *
 * @param entity whose features it reads
 * @param inputs in the order a row's values are passed
 * @param task classification or regression
 * @param label the feature it was trained to foretell, {@code view.feature}
 * @param outputs for classification the outcomes in the order of their scores (sorted: "false" before "true");
 *     for regression the label's one name
 * @param required inputs by name that a prediction must have; where another is missing, the model copes in its own way
 */
public record Signature(
        String entity,
        List<FeatureRead> inputs,
        Task task,
        String label,
        List<String> outputs,
        // Left out where empty, so that versions are the bytes they always were.
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> required)
        implements CborSerializable {
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        // Signatures stored before there was such a thing come without.
        required = required == null ? List.of() : List.copyOf(required);
    }

    /** Of a model that copes with every missing input. */
    public Signature(String entity, List<FeatureRead> inputs, Task task, String label, List<String> outputs) {
        this(entity, inputs, task, label, outputs, List.of());
    }

    /** The same, with inputs that a prediction must have. */
    public Signature requiring(List<String> names) {
        return new Signature(entity, inputs, task, label, outputs, names);
    }

    /**
     * Where an input is in a row.
     *
     * @throws IllegalArgumentException if it is none
     */
    public int position(String input) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(input)) {
                return i;
            }
        }
        throw new IllegalArgumentException("input: " + input + " (expected: one of " + inputs + ")");
    }

    /** What a row's scores come to: the most probable outcome, the first of equals; or the number as text. */
    public String output(List<Double> scores) {
        return switch (task) {
            case REGRESSION -> String.valueOf(scores.getFirst());
            case CLASSIFICATION -> {
                int best = 0;
                for (int i = 1; i < scores.size(); i++) {
                    best = scores.get(i) > scores.get(best) ? i : best;
                }
                yield outputs.get(best);
            }
        };
    }
}
