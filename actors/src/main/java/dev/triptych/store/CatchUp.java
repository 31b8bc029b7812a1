package dev.triptych.store;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import dev.triptych.store.features.Horizon;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * Waits from outside of any actor until the journal's projections have caught up. Finds the tailer wherever it runs, and
 * asks again where it moves in the middle.
 */
public final class CatchUp {

    private sealed interface Message {}

    private record Found(Set<ActorRef<JournalTailer.Command>> tailers) implements Message {}

    private record Reached(Horizon horizon) implements Message {}

    private record TooLate() implements Message {}

    private CatchUp() {}

    /**
     * Answers once every event committed before this call is projected, or fails with a {@link TimeoutException} that
     * says so.
     */
    public static CompletionStage<Horizon> await(ActorSystem<?> system, Duration timeout) {
        var answer = new CompletableFuture<Horizon>();
        system.systemActorOf(waiting(timeout, answer), "catch-up-" + UUID.randomUUID(), Props.empty());
        return answer;
    }

    private static Behavior<Message> waiting(Duration timeout, CompletableFuture<Horizon> answer) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(new TooLate(), timeout);
            ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                    Receptionist.Listing.class,
                    listing -> new Found(listing.getServiceInstances(JournalTailer.SERVICE_KEY)));
            ActorRef<JournalTailer.CaughtUp> reached =
                    context.messageAdapter(JournalTailer.CaughtUp.class, caughtUp -> new Reached(caughtUp.horizon()));
            context.getSystem().receptionist().tell(Receptionist.subscribe(JournalTailer.SERVICE_KEY, listings));

            return Behaviors.receiveMessage(message -> switch (message) {
                case Found(var tailers) -> {
                    tailers.forEach(tailer -> tailer.tell(new JournalTailer.AwaitAll(reached)));
                    yield Behaviors.same();
                }
                case Reached(var horizon) -> {
                    answer.complete(horizon);
                    yield Behaviors.stopped();
                }
                case TooLate late -> {
                    answer.completeExceptionally(new TimeoutException(
                            "the offline store did not catch up with the journal within " + timeout));
                    yield Behaviors.stopped();
                }
            });
        }));
    }
}
