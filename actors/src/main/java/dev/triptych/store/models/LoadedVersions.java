package dev.triptych.store.models;

import akka.actor.typed.ActorSystem;
import dev.triptych.store.models.domain.InputNames;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Model versions made ready to predict. The last used ones are kept, so asking for one again costs nothing; one that
 * could not be loaded is tried again at the next call. Thread-safe.
 */
public final class LoadedVersions {

    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(5);

    /** A version, what it predicts with, and how callers name its inputs. */
    public record LoadedVersion(ModelVersion version, Predictor predictor, InputNames inputNames) {
        public LoadedVersion(ModelVersion version, Predictor predictor) {
            this(version, predictor, new InputNames(version.signature()));
        }
    }

    /** The registry knows the model, but not this version of it. */
    public static final class NoSuchVersionException extends RuntimeException {
        NoSuchVersionException(String model, int number) {
            super("version " + number + " of " + model + " is not in the registry");
        }
    }

    private record Id(String model, int number) {}

    private final ActorSystem<?> system;
    private final ArtifactStore artifacts;
    private final ModelLoader loader;
    private final Executor executor;
    private final int keptMax;

    /** Least recently used first; guarded by itself. */
    private final LinkedHashMap<Id, CompletableFuture<LoadedVersion>> kept = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param executor runs the loader, which blocks
     * @param keptMax so many versions are kept in memory
     */
    public LoadedVersions(
            ActorSystem<?> system, ArtifactStore artifacts, ModelLoader loader, Executor executor, int keptMax) {
        this.system = system;
        this.artifacts = artifacts;
        this.loader = loader;
        this.executor = executor;
        this.keptMax = keptMax;
    }

    /** A version that is at hand, out of its artifact. */
    public CompletionStage<LoadedVersion> load(ModelVersion version) {
        return keep(new Id(version.model(), version.number()), () -> fetch(version));
    }

    /**
     * A version by its number; the registry is asked where it is not kept.
     *
     * @param model {@code system/model}
     * @return fails with {@link NoSuchVersionException} if there is none of this number
     */
    public CompletionStage<LoadedVersion> find(String model, int number) {
        return keep(
                new Id(model, number),
                () -> registered(model)
                        .thenCompose(registered -> fetch(registered
                                .version(number)
                                .orElseThrow(() -> new NoSuchVersionException(model, number)))));
    }

    /** The model as the registry knows it now. */
    public CompletionStage<RegisteredModel> registered(String model) {
        return ModelRegistry.model(system, model, REGISTRY_TIMEOUT);
    }

    private CompletionStage<LoadedVersion> fetch(ModelVersion version) {
        return artifacts
                .get(version.artifactHash())
                .thenApplyAsync(
                        artifact -> new LoadedVersion(
                                version,
                                loader.load(
                                        artifact.orElseThrow(() -> new IllegalStateException(
                                                "artifact " + version.artifactHash() + " of " + version.model()
                                                        + " version " + version.number() + " is not stored")),
                                        version.signature())),
                        executor);
    }

    private CompletionStage<LoadedVersion> keep(Id id, Supplier<CompletionStage<LoadedVersion>> loading) {
        var mine = new CompletableFuture<LoadedVersion>();
        synchronized (kept) {
            CompletableFuture<LoadedVersion> known = kept.get(id);
            if (known != null) {
                return known.minimalCompletionStage();
            }
            kept.put(id, mine);
            dropOldest();
        }
        loading.get().whenComplete((loaded, failure) -> {
            if (failure == null) {
                mine.complete(loaded);
            } else {
                synchronized (kept) {
                    kept.remove(id, mine);
                }
                mine.completeExceptionally(failure);
            }
        });
        return mine.minimalCompletionStage();
    }

    /** Whoever still waits for a version that is dropped gets it all the same. */
    private void dropOldest() {
        if (kept.size() > keptMax) {
            Map.Entry<Id, CompletableFuture<LoadedVersion>> oldest =
                    kept.entrySet().iterator().next();
            kept.remove(oldest.getKey());
        }
    }
}
