package dev.triptych.runtime.openinference;

import dev.triptych.store.models.domain.Signature;
import java.util.List;

/**
 * A model's metadata.
 *
 * @param versions numbers of all that can be asked for
 * @param signature of the version that was asked for
 */
public record ModelDescription(List<Integer> versions, Signature signature) {
    public ModelDescription {
        versions = List.copyOf(versions);
    }

    public List<TensorDescription> inputs() {
        return signature.inputs().stream()
                .map(input -> new TensorDescription(
                        input.name(), TensorType.of(input.type()), List.of(TensorDescription.ANY)))
                .toList();
    }

    public List<TensorDescription> outputs() {
        return new OutputTensors(signature).described();
    }
}
