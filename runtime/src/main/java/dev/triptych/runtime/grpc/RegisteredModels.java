package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.RegisteredModel;
import java.util.concurrent.CompletionStage;

/** Models as the registry knows them now, within the caller's deadline. */
final class RegisteredModels {

    private final ClusterSharding sharding;

    RegisteredModels(ActorSystem<?> system) {
        this.sharding = ClusterSharding.get(system);
    }

    /** @param path {@code system/model} */
    CompletionStage<RegisteredModel> of(String path) {
        return sharding.entityRefFor(ModelRegistry.TYPE_KEY, path)
                .ask((ActorRef<RegisteredModel> replyTo) -> new ModelRegistry.Get(replyTo), Replies.timeout());
    }
}
