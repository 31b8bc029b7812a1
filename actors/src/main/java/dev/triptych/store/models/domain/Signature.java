package dev.triptych.store.models.domain;

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
 */
public record Signature(String entity, List<FeatureRead> inputs, Task task, String label, List<String> outputs)
        implements CborSerializable {
    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
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
