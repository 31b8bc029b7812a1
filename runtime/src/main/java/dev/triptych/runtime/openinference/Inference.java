package dev.triptych.runtime.openinference;

import java.util.List;
import java.util.Optional;

/**
 * What a model answered.
 *
 * @param version the one that answered; empty where the rows belong to several
 */
public record Inference(Optional<Integer> version, List<OutputTensor> outputs) {
    public Inference {
        outputs = List.copyOf(outputs);
    }
}
