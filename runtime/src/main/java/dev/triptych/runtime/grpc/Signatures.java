package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Signature;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Signatures of the versions that recorded predictions came from. A version never changes, so each is asked for once. */
final class Signatures {

    private record Version(String model, int number) {}

    private final RegisteredModels models;
    private final Map<Version, Signature> known = new ConcurrentHashMap<>();

    Signatures(ActorSystem<?> system) {
        this.models = new RegisteredModels(system);
    }

    /** Empty where the registry does not know the version. */
    CompletionStage<Optional<Signature>> of(PredictionRecord record) {
        var version = new Version(record.system() + "/" + record.model(), record.version());
        Signature cached = known.get(version);
        if (cached != null) {
            return CompletableFuture.completedStage(Optional.of(cached));
        }
        return models.of(version.model()).thenApply(model -> {
            model.versions().forEach(each -> known.put(new Version(version.model(), each.number()), each.signature()));
            return model.versions().stream()
                    .filter(each -> each.number() == version.number())
                    .map(ModelVersion::signature)
                    .findFirst();
        });
    }
}
