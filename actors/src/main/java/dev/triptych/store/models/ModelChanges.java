package dev.triptych.store.models;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.Props;
import akka.actor.typed.pubsub.Topic;
import dev.triptych.kernel.CborSerializable;

/**
 * Tells every node that a model has a new version, or that one of its aliases moved.
 *
 * <p>A topic: each subscriber in the cluster hears of a change at most once, and may miss one while nodes come and go.
 * A change is therefore a hint to ask {@link ModelRegistry} again, and whoever must not miss one also asks now and
 * then.
 */
public final class ModelChanges implements Extension {

    private static final ExtensionId<ModelChanges> ID = new ExtensionId<>() {
        @Override
        public ModelChanges createExtension(ActorSystem<?> system) {
            return new ModelChanges(system);
        }
    };

    /** @param model {@code system/model} */
    public record ModelChanged(String model) implements CborSerializable {}

    private final ActorRef<Topic.Command<ModelChanged>> topic;

    private ModelChanges(ActorSystem<?> system) {
        topic = system.systemActorOf(Topic.create(ModelChanged.class, "model-changed"), "model-changed", Props.empty());
    }

    /** One for each actor system. */
    public static ModelChanges get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** From now on; it ends by itself with the subscriber. */
    public void subscribe(ActorRef<ModelChanged> subscriber) {
        topic.tell(Topic.subscribe(subscriber));
    }

    void publish(ModelChanged change) {
        topic.tell(Topic.publish(change));
    }
}
