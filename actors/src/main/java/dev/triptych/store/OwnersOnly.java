package dev.triptych.store;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;

/**
 * Keeps an actor that there is one of in the cluster from answering once its node's {@link Tenure} is over: there may be
 * another by then, which knows more. Whoever asks hears nothing, and asks again where it is then.
 */
public final class OwnersOnly<M> extends BehaviorInterceptor<M, M> {

    private OwnersOnly(Class<M> messages) {
        super(messages);
    }

    /** @param messages of the actor; those to itself are left out too, and come again by timer or by being asked */
    public static <M> Behavior<M> of(Class<M> messages, Behavior<M> actor) {
        return Behaviors.intercept(() -> new OwnersOnly<>(messages), actor);
    }

    @Override
    public Behavior<M> aroundReceive(TypedActorContext<M> context, M message, ReceiveTarget<M> target) {
        return Tenure.get(context.asJava().getSystem()).holds() ? target.apply(context, message) : Behaviors.same();
    }
}
