package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import dev.triptych.inference.InferenceActor.Command;
import dev.triptych.inference.InferenceActor.Predict;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.InferenceActor.PredictThere;
import dev.triptych.inference.InferenceActor.Unavailable;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Span;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Stands for a deployment on a node that does not serve it: passes what it is asked to nodes that do, one after the other.
 * A prediction that a node does not answer is asked of the next one; it may then be on record twice, under two ids.
 */
public final class RemoteInference extends AbstractOnMessageBehavior<Command> {

    /** Longest wait for an answer; callers usually give up before. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String path;
    private List<ActorRef<Command>> serving = List.of();
    private int turn;

    private RemoteInference(ActorContext<Command> context, String path) {
        super(context);
        this.path = path;
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new Serving(new ArrayList<>(listing.getServiceInstances(Deployments.key(path)))));
        context.getSystem().receptionist().tell(Receptionist.subscribe(Deployments.key(path), listings));
    }

    /** The nodes that serve it now. */
    private record Serving(List<ActorRef<Command>> actors) implements InferenceActor.Local {}

    /** @param path {@code system/deployment} */
    public static Behavior<Command> create(String path) {
        return Behaviors.setup(context -> new RemoteInference(context, path));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Serving(var actors) -> serving = actors;
            case Predict predict -> predict(predict);
            case InferenceActor.Describe(var replyTo) ->
                next().ifPresentOrElse(
                                actor -> actor.tell(command),
                                () -> replyTo.tell(new InferenceActor.Description(
                                        false,
                                        Optional.empty(),
                                        InferenceActor.node(getContext().getSystem()),
                                        List.of(),
                                        List.of(),
                                        Optional.of(nobody()))));
            case InferenceActor.Adopt(var replyTo) ->
                next().ifPresentOrElse(
                                actor -> actor.tell(command),
                                () -> replyTo.tell(new InferenceActor.Adopted(
                                        InferenceActor.node(getContext().getSystem()), Optional.of(nobody()))));
            default -> {}
        }
        return this;
    }

    private Optional<ActorRef<Command>> next() {
        return serving.isEmpty() ? Optional.empty() : Optional.of(serving.get(turn++ % serving.size()));
    }

    private void predict(Predict predict) {
        if (serving.isEmpty()) {
            predict.replyTo().tell(new Unavailable(nobody()));
            return;
        }
        List<ActorRef<Command>> now = serving;
        int first = turn++;
        var tries = new int[1];
        Span span = Traces.get(getContext().getSystem()).begin("predict elsewhere", predict.trace());
        CompletionStage<PredictReply> answer = PatientAsk.ask(
                getContext().getSystem(),
                NodeRoles.INFERENCE,
                left -> ask(now.get(Math.floorMod(first + tries[0]++, now.size())), predict, span.context(), left),
                TIMEOUT);
        span.over(answer)
                .whenComplete((reply, failure) ->
                        predict.replyTo().tell(failure == null ? reply : new Unavailable(Causes.message(failure))));
    }

    private CompletionStage<PredictReply> ask(
            ActorRef<Command> actor, Predict predict, Optional<String> trace, Duration left) {
        return AskPattern.ask(
                actor,
                (ActorRef<PredictReply> replyTo) -> new PredictThere(
                        predict.instances(),
                        predict.asOfMicros(),
                        predict.version(),
                        predict.runId(),
                        predict.explain(),
                        trace,
                        replyTo),
                left,
                getContext().getSystem().scheduler());
    }

    private String nobody() {
        return PatientAsk.hasRole(getContext().getSystem(), NodeRoles.INFERENCE)
                ? "deployment " + path + " is not served yet by a node of role inference"
                : "deployment " + path + ": no node of role inference is in the cluster; start one";
    }
}
