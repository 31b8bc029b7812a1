package dev.triptych.inference;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.ArtifactStore;
import dev.triptych.store.models.ModelLoader;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Models whose artifact is a number in text: the weight of each input. Any other artifact cannot be loaded. */
public final class ScriptedModels implements ArtifactStore, ModelLoader {

    private final Map<String, String> artifacts = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<String> put(byte[] artifact) {
        String text = new String(artifact, StandardCharsets.UTF_8);
        artifacts.put("hash-of-" + text, text);
        return CompletableFuture.completedStage("hash-of-" + text);
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String hash) {
        return CompletableFuture.completedStage(
                Optional.ofNullable(artifacts.get(hash)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    /** What an attacker with access to the store could do. */
    public void replace(String hash, String artifact) {
        artifacts.put(hash, artifact);
    }

    @Override
    public Predictor load(byte[] artifact, Signature signature) {
        double weight = Double.parseDouble(new String(artifact, StandardCharsets.UTF_8));
        return inputs -> scores(weight, inputs);
    }

    /** The oracle of the tests. */
    public static double[] scores(double weight, List<Value> inputs) {
        double sum = 0;
        for (Value input : inputs) {
            sum += weight
                    * switch (input) {
                        case Value.Null missing -> 0.125;
                        case Value.Bool(boolean bool) -> bool ? 1 : 0;
                        case Value.Int64(long whole) -> whole;
                        case Value.Float64(double real) -> real;
                        case Value.Text(String text) -> text.length();
                    };
        }
        double share = 1 / (1 + Math.abs(sum));
        return new double[] {share, 1 - share};
    }
}
