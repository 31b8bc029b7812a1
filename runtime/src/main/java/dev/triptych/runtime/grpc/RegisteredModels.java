package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.RegisteredModel;
import java.util.concurrent.CompletionStage;

/** Models as the registry knows them now, within the caller's deadline. */
final class RegisteredModels {

    private final ActorSystem<?> system;

    RegisteredModels(ActorSystem<?> system) {
        this.system = system;
    }

    /** @param path {@code system/model} */
    CompletionStage<RegisteredModel> of(String path) {
        return ModelRegistry.model(system, path, Replies.timeout());
    }
}
