package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.japi.function.Function;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.InferenceActor.Adopted;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.inference.domain.DeploymentChange;
import dev.triptych.inference.domain.DeploymentState;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.models.domain.RegisteredModel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Deployments as the whole cluster serves them: changes to them, and who has followed. */
public final class Deployments {

    private final ActorSystem<?> actors;
    private final Map<String, ActorRef<InferenceActor.Command>> local;

    /** @param local deployments of this node, by {@code system/deployment} */
    public Deployments(ActorSystem<?> actors, Map<String, ActorRef<InferenceActor.Command>> local) {
        this.actors = actors;
        this.local = Map.copyOf(local);
    }

    static ServiceKey<InferenceActor.Command> key(String path) {
        return ServiceKey.create(InferenceActor.Command.class, "inference-" + path);
    }

    /** The first target of a change that the model does not have; empty where it has them all. */
    public static Optional<Invalid> missing(RegisteredModel model, DeploymentChange change) {
        return switch (change) {
            case DeploymentChange.Routes(var routes) ->
                missing(model, routes.stream().map(Route::to).toList(), "routes[%d].to");
            case DeploymentChange.Shadows(var shadows) -> missing(model, shadows, "shadows[%d]");
            case DeploymentChange.Limits limits -> Optional.empty();
            case DeploymentChange.Audit audit -> Optional.empty();
            case DeploymentChange.Stale stale -> Optional.empty();
            case DeploymentChange.Reset reset -> Optional.empty();
        };
    }

    private static Optional<Invalid> missing(RegisteredModel model, List<String> targets, String field) {
        for (int i = 0; i < targets.size(); i++) {
            if (RouteLookup.behind(model, targets.get(i)).isEmpty()) {
                return Optional.of(new Invalid(field.formatted(i), targets.get(i), targetsOf(model)));
            }
        }
        return Optional.empty();
    }

    private static String targetsOf(RegisteredModel model) {
        return model.versions().isEmpty()
                ? "a version; " + model.model() + " has none yet"
                : "a version of " + model.model() + ", 1 to "
                        + model.versions().size()
                        + model.aliases().keySet().stream()
                                .sorted()
                                .map(alias -> ", " + alias)
                                .collect(Collectors.joining());
    }

    /** What was changed at run time. */
    public CompletionStage<DeploymentState> state(String system, String deployment, Duration atMost) {
        return DeploymentEntity.state(actors, system + "/" + deployment, atMost);
    }

    /** Durable when answered; whether it is served as well, {@link #adopt} says. */
    public CompletionStage<DeploymentEntity.ChangeReply> change(
            String system,
            DeploymentDefinition deployment,
            DeploymentChange change,
            String by,
            String reason,
            Duration atMost) {
        return PatientAsk.askOnce(
                actors,
                NodeRoles.INFERENCE,
                ClusterSharding.get(actors).entityRefFor(DeploymentEntity.TYPE_KEY, system + "/" + deployment.name()),
                (ActorRef<DeploymentEntity.ChangeReply> replyTo) ->
                        new DeploymentEntity.Change(change, deployment.rules(), by, reason, replyTo),
                atMost);
    }

    /**
     * Has every node look again, and answers when each of them serves what was so before this call, or has said why not,
     * or the time is over. Never fails.
     */
    public CompletionStage<List<Adopted>> adopt(String system, String deployment, Duration atMost) {
        return everywhere(
                system + "/" + deployment,
                atMost,
                actor -> ask(actor, InferenceActor.Adopt::new, atMost)
                        .exceptionally(failure -> new Adopted(
                                node(actor),
                                Optional.of(
                                        Causes.of(failure) instanceof TimeoutException
                                                ? "it did not answer within " + atMost.toMillis() + " ms"
                                                : Causes.message(failure)))));
    }

    /**
     * A node that goes on with what it served.
     *
     * @param problem why
     */
    public record NotServing(String deployment, String node, String problem) {}

    /** {@link #adopt} of all deployments of a model: the nodes that have not followed. Never fails. */
    public CompletionStage<List<NotServing>> adoptAll(SystemDefinition system, String model, Duration atMost) {
        var following = system.deployments().stream()
                .filter(deployment -> deployment.model().equals(model))
                .map(deployment -> adopt(system.name(), deployment.name(), atMost)
                        .thenApply(nodes -> nodes.stream()
                                .flatMap(node -> node.problem().stream()
                                        .map(problem -> new NotServing(deployment.name(), node.node(), problem)))
                                .toList()))
                .toList();
        return Answers.all(following)
                .thenApply(all -> all.stream().flatMap(List::stream).toList());
    }

    /** How every node serves it; those that do not answer in time are left out. */
    public CompletionStage<List<Description>> describe(String system, String deployment, Duration atMost) {
        return everywhere(
                        system + "/" + deployment,
                        atMost,
                        actor -> ask(actor, InferenceActor.Describe::new, atMost)
                                .handle((description, failure) ->
                                        failure == null ? List.of(description) : List.<Description>of()))
                .thenApply(all -> all.stream().flatMap(List::stream).toList());
    }

    private <T> CompletionStage<T> ask(
            ActorRef<InferenceActor.Command> actor,
            Function<ActorRef<T>, InferenceActor.Command> message,
            Duration atMost) {
        return AskPattern.ask(actor, message, atMost, actors.scheduler());
    }

    private interface Question<T> {
        CompletionStage<T> of(ActorRef<InferenceActor.Command> actor);
    }

    private <T> CompletionStage<List<T>> everywhere(String path, Duration atMost, Question<T> question) {
        return actors(path, atMost)
                .thenCompose(
                        found -> Answers.all(found.stream().map(question::of).toList()));
    }

    /** This node's own first, which the receptionist may not know yet. */
    private CompletionStage<Set<ActorRef<InferenceActor.Command>>> actors(String path, Duration atMost) {
        var found = new LinkedHashSet<ActorRef<InferenceActor.Command>>();
        ActorRef<InferenceActor.Command> own = local.get(path);
        if (own != null) {
            found.add(own);
        }
        return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                        actors.receptionist(),
                        replyTo -> Receptionist.find(key(path), replyTo),
                        atMost,
                        actors.scheduler())
                .handle((listing, failure) -> {
                    if (failure == null) {
                        found.addAll(listing.getServiceInstances(key(path)));
                    }
                    return found;
                });
    }

    private String node(ActorRef<InferenceActor.Command> actor) {
        return actor.path().address().hasGlobalScope()
                ? actor.path().address().hostPort()
                : InferenceActor.node(actors);
    }
}
