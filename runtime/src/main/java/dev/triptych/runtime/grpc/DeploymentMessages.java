package dev.triptych.runtime.grpc;

import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.inference.Deployments;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.inference.InferenceActor.Served;
import dev.triptych.inference.domain.DeploymentEvent;
import dev.triptych.inference.domain.DeploymentState;
import dev.triptych.v1.DeploymentChange;
import dev.triptych.v1.DeploymentLimits;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.ServedVersion;
import dev.triptych.v1.ServingNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Deployments as they go over the wire. */
final class DeploymentMessages {

    private DeploymentMessages() {}

    /** As it should be, and as every node that answers in time serves it. */
    static CompletionStage<ServedDeployment> served(
            Deployments deployments, String system, DeploymentDefinition deployment, Duration timeout) {
        CompletionStage<DeploymentState> state = deployments.state(system, deployment.name(), timeout);
        return state.thenCombine(
                deployments.describe(system, deployment.name(), Replies.within(timeout)),
                (changed, nodes) -> wire(system, deployment, changed, nodes));
    }

    private static ServedDeployment wire(
            String system, DeploymentDefinition deployment, DeploymentState state, List<Description> nodes) {
        ServingRules rules = state.over(deployment.rules());
        return ServedDeployment.newBuilder()
                .setSystem(system)
                .setName(deployment.name())
                .setModel(deployment.model())
                .addAllRoutes(rules.routing().routes().stream()
                        .map(DeploymentMessages::wire)
                        .toList())
                .addAllShadows(rules.shadows())
                .setLimits(wire(rules.limits()))
                .setAudit(lower(rules.audit()))
                .setStale(lower(rules.stale()))
                .addAllNodes(nodes.stream().map(DeploymentMessages::wire).toList())
                .addAllChanges(
                        state.changes().stream().map(DeploymentMessages::wire).toList())
                .build();
    }

    static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static dev.triptych.v1.Route wire(Route route) {
        return dev.triptych.v1.Route.newBuilder()
                .setTo(route.to())
                .setWeight(route.weight())
                .build();
    }

    private static DeploymentLimits wire(Limits limits) {
        var wire = DeploymentLimits.newBuilder().setInFlight(limits.instancesInFlight());
        limits.deadline()
                .ifPresent(deadline -> wire.setDeadline(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(deadline.toSeconds())
                        .setNanos(deadline.toNanosPart())));
        return wire.build();
    }

    private static ServingNode wire(Description node) {
        return ServingNode.newBuilder()
                .setNode(node.node())
                .addAllRoutes(
                        node.routes().stream().map(DeploymentMessages::wire).toList())
                .addAllShadows(
                        node.shadows().stream().map(DeploymentMessages::wire).toList())
                .setProblem(node.problem().orElse(""))
                .build();
    }

    private static ServedVersion wire(Served served) {
        return ServedVersion.newBuilder()
                .setTo(served.to())
                .setWeight(served.weight())
                .setVersion(served.version())
                .setEvaluatedBy(served.evaluatedBy())
                .build();
    }

    static DeploymentChange wire(DeploymentEvent event) {
        return told(event)
                .setBy(event.by())
                .setReason(event.reason())
                .setAt(Translation.timestamp(event.atMicros()))
                .build();
    }

    private static DeploymentChange.Builder told(DeploymentEvent event) {
        var wire = DeploymentChange.newBuilder();
        return switch (event) {
            case DeploymentEvent.RoutesChanged to ->
                wire.setChanged("routes")
                        .setTo(to.routing().routes().stream()
                                .map(route -> route.to() + "=" + route.weight())
                                .collect(Collectors.joining(" ")));
            case DeploymentEvent.ShadowsChanged to ->
                wire.setChanged("shadows").setTo(to.shadows().isEmpty() ? "none" : String.join(" ", to.shadows()));
            case DeploymentEvent.LimitsChanged to ->
                wire.setChanged("limits")
                        .setTo("in-flight " + to.limits().instancesInFlight() + ", deadline "
                                + to.limits()
                                        .deadline()
                                        .map(Duration::toMillis)
                                        .map(millis -> millis + "ms")
                                        .orElse("none"));
            case DeploymentEvent.AuditChanged to -> wire.setChanged("audit").setTo(lower(to.audit()));
            case DeploymentEvent.StaleRuleChanged to -> wire.setChanged("stale").setTo(lower(to.stale()));
            case DeploymentEvent.WasReset reset -> wire.setChanged("reset").setTo("the definition");
        };
    }
}
