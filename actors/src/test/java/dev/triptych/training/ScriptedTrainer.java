package dev.triptych.training;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
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
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A trainer that learns to answer by the colour, after doing what its script says for each fit; also loads and stores
 * what it made. With {@code skill = none} it answers the opposite.
 */
final class ScriptedTrainer implements ModelTrainer, ModelLoader, ArtifactStore {

    final ConcurrentLinkedDeque<Runnable> script = new ConcurrentLinkedDeque<>();
    final AtomicInteger fits = new AtomicInteger();
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();

    @Override
    public Fitted fit(
            TrainerDefinition trainer,
            List<TransformationDefinition> transformations,
            Signature signature,
            List<List<Value>> rows,
            List<Value> labels,
            long seed) {
        fits.incrementAndGet();
        Runnable next = script.poll();
        if (next != null) {
            next.run();
        }
        String skill = trainer.parameters().getOrDefault("skill", "colour");
        byte[] artifact = (skill + " of " + rows.size()).getBytes(StandardCharsets.UTF_8);
        return new Fitted(
                artifact,
                "content-" + skill + rows.size(),
                load(artifact, signature),
                Map.of("skill", skill),
                Map.of());
    }

    @Override
    public Predictor load(byte[] artifact, Signature signature) {
        boolean right = new String(artifact, StandardCharsets.UTF_8).startsWith("colour");
        return inputs -> inputs.getFirst().equals(new Value.Text("red")) == right
                ? new double[] {0.1, 0.9}
                : new double[] {0.9, 0.1};
    }

    @Override
    public CompletionStage<String> put(byte[] artifact) {
        String hash = "hash-" + new String(artifact, StandardCharsets.UTF_8);
        artifacts.put(hash, artifact);
        return CompletableFuture.completedFuture(hash);
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String hash) {
        return CompletableFuture.completedFuture(Optional.ofNullable(artifacts.get(hash)));
    }
}
