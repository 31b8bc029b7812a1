package dev.triptych.store.features;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.triptych.kernel.Span;
import dev.triptych.store.Tenure;
import dev.triptych.store.Traces;
import java.time.Clock;
import java.util.Optional;

/**
 * An idle key that is asked again: what its state can answer is answered from there, with neither journal nor database,
 * also while the journal's circuit breaker is open. The first command that needs more wakes the {@link FeatureEntity},
 * which recovers from the same state.
 */
final class RestingEntity extends ExtensibleBehavior<FeatureEntity.Command> {

    private final String persistenceId;
    private final ResidentStates.Resident resident;
    private final Clock clock;
    private final Behavior<FeatureEntity.Command> entity;

    /** @param entity goes on from here */
    RestingEntity(
            String persistenceId,
            ResidentStates.Resident resident,
            Clock clock,
            Behavior<FeatureEntity.Command> entity) {
        this.persistenceId = persistenceId;
        this.resident = resident;
        this.clock = clock;
        this.entity = entity;
    }

    @Override
    public Behavior<FeatureEntity.Command> receive(
            TypedActorContext<FeatureEntity.Command> context, FeatureEntity.Command command) {
        return switch (command) {
            // The state is where it was left.
            case FeatureEntity.LetGo letGo -> {
                live(context).hide(persistenceId);
                yield Behaviors.stopped();
            }
            case FeatureEntity.Read read
            when !Tenure.get(context.asJava().getSystem()).holds() -> {
                read.replyTo().tell(new FeatureEntity.JournalUnavailable(FeatureEntity.OUT_OF_TOUCH));
                yield Behaviors.same();
            }
            case FeatureEntity.Read read -> onRead(context, read);
            default -> wake(command);
        };
    }

    private static LiveStates live(TypedActorContext<FeatureEntity.Command> context) {
        return LiveStates.get(context.asJava().getSystem());
    }

    private Behavior<FeatureEntity.Command> onRead(
            TypedActorContext<FeatureEntity.Command> context, FeatureEntity.Read read) {
        Span span = Traces.get(context.asJava().getSystem()).begin(FeatureEntity.ANSWERS, read.trace());
        Optional<FeatureEntity.Answer> answer =
                FeatureEntity.answer(resident.state(), resident.sequenceNr(), read, clock);
        if (answer.isEmpty()) {
            return wake(read);
        }
        live(context).show(persistenceId, resident.state(), resident.sequenceNr());
        span.end();
        read.replyTo().tell(answer.get());
        return Behaviors.same();
    }

    private Behavior<FeatureEntity.Command> wake(FeatureEntity.Command command) {
        return Behaviors.withStash(1, first -> {
            first.stash(command);
            return first.unstashAll(entity);
        });
    }

    @Override
    public Behavior<FeatureEntity.Command> receiveSignal(
            TypedActorContext<FeatureEntity.Command> context, Signal signal) {
        if (signal instanceof PostStop) {
            live(context).hide(persistenceId);
            return Behaviors.same();
        }
        return Behaviors.unhandled();
    }
}
