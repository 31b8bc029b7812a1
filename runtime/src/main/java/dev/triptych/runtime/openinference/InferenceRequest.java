package dev.triptych.runtime.openinference;

import dev.triptych.inference.InferenceActor.Instance;
import java.util.List;

/**
 * What a model is asked.
 *
 * @param outputs names of the tensors wanted; empty for all
 * @param explain whether to tell what each input added
 */
public record InferenceRequest(List<Instance> instances, List<String> outputs, boolean explain) {
    public InferenceRequest {
        instances = List.copyOf(instances);
        outputs = List.copyOf(outputs);
    }
}
