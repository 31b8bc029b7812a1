package dev.triptych.store.models.domain;

import dev.triptych.store.features.domain.FeatureRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How callers name a signature's inputs: by {@code view.feature}, or by the feature's bare name where only one input has
 * that. Made once a version.
 */
public final class InputNames {

    private final List<FeatureRead> inputs;

    /** Positions of the inputs that a name can mean: one, or several where it is ambiguous. */
    private final Map<String, List<Integer>> meant = new HashMap<>();

    public InputNames(Signature signature) {
        this.inputs = signature.inputs();
        var bare = new HashMap<String, List<Integer>>();
        for (int i = 0; i < inputs.size(); i++) {
            bare.computeIfAbsent(inputs.get(i).feature(), name -> new ArrayList<>())
                    .add(i);
        }
        bare.forEach((name, positions) -> meant.put(name, List.copyOf(positions)));
        // Whole names win, the first of equals.
        for (int i = inputs.size() - 1; i >= 0; i--) {
            meant.put(inputs.get(i).name(), List.of(i));
        }
    }

    public List<FeatureRead> inputs() {
        return inputs;
    }

    /** Positions of the inputs meant; empty for a name that no input has. */
    public List<Integer> meant(String name) {
        return meant.getOrDefault(name, List.of());
    }
}
