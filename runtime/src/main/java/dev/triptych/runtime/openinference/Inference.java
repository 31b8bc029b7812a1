package dev.triptych.runtime.openinference;

import java.util.List;

/**
 * What a model answered.
 *
 * @param version the one that answered
 */
public record Inference(int version, List<OutputTensor> outputs) {
    public Inference {
        outputs = List.copyOf(outputs);
    }
}
