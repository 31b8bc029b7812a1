package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.DeploymentEntity;
import dev.triptych.inference.Deployments;
import dev.triptych.inference.domain.DeploymentChange;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Invalid;
import dev.triptych.v1.ChangeDeploymentRequest;
import dev.triptych.v1.DeploymentLimits;
import dev.triptych.v1.DeploymentServiceGrpc;
import dev.triptych.v1.GetDeploymentRequest;
import dev.triptych.v1.ListDeploymentsRequest;
import dev.triptych.v1.ListDeploymentsResponse;
import dev.triptych.v1.ServedDeployment;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** DeploymentService: how deployments answer, and changes to that. */
final class DeploymentEndpoint extends DeploymentServiceGrpc.DeploymentServiceImplBase {

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final Definitions definitions;
    private final Deployments deployments;
    private final RegisteredModels models;

    DeploymentEndpoint(ActorSystem<?> system, Definitions definitions, Deployments deployments) {
        this.definitions = definitions;
        this.deployments = deployments;
        this.models = new RegisteredModels(system);
    }

    @Override
    public void listDeployments(ListDeploymentsRequest request, StreamObserver<ListDeploymentsResponse> observer) {
        Replies.reply(observer, () -> {
            Duration timeout = Replies.timeout();
            Collection<SystemDefinition> systems = request.getSystem().isEmpty()
                    ? definitions.systems()
                    : List.of(definitions.system(request.getSystem()));
            var all = new ArrayList<CompletionStage<ServedDeployment>>();
            for (SystemDefinition system : systems) {
                system.deployments().forEach(each -> all.add(get(system.name(), each, timeout)));
            }
            return Answers.all(all)
                    .thenApply(found -> ListDeploymentsResponse.newBuilder()
                            .addAllDeployments(found)
                            .build());
        });
    }

    @Override
    public void getDeployment(GetDeploymentRequest request, StreamObserver<ServedDeployment> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            return get(system.name(), definitions.deployment(system, request.getDeployment()), Replies.timeout());
        });
    }

    @Override
    public void changeDeployment(ChangeDeploymentRequest request, StreamObserver<ServedDeployment> observer) {
        String by = AccessInterceptor.caller(request.getBy());
        Replies.reply(observer, () -> {
            Duration timeout = Replies.timeout();
            SystemDefinition system = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(system, request.getDeployment());
            return deployments
                    .state(system.name(), deployment.name(), timeout)
                    .thenApply(state -> change(request, state.over(deployment.rules())))
                    .thenCombine(models.of(system.name() + "/" + deployment.model()), (change, model) -> {
                        Deployments.missing(model, change).ifPresent(missing -> {
                            throw Statuses.invalid(missing);
                        });
                        return change;
                    })
                    .thenCompose(change ->
                            deployments.change(system.name(), deployment, change, by, request.getReason(), timeout))
                    .thenCompose(reply -> switch (reply) {
                        case DeploymentEntity.Refused(var reason) -> throw Statuses.invalid(reason);
                        case DeploymentEntity.Changed changed ->
                            deployments
                                    .adopt(system.name(), deployment.name(), Replies.within(timeout))
                                    .thenCompose(adopted -> get(system.name(), deployment, timeout));
                    });
        });
    }

    private static DeploymentChange change(ChangeDeploymentRequest request, ServingRules now) {
        return switch (request.getChangeCase()) {
            case ROUTES ->
                new DeploymentChange.Routes(request.getRoutes().getRoutesList().stream()
                        .map(route -> new Route(route.getTo(), route.getWeight()))
                        .toList());
            case SHADOWS -> new DeploymentChange.Shadows(request.getShadows().getToList());
            case LIMITS -> new DeploymentChange.Limits(limits(request.getLimits(), now.limits()));
            case AUDIT -> new DeploymentChange.Audit(word("audit", request.getAudit(), Audit.values()));
            case STALE -> new DeploymentChange.Stale(word("stale", request.getStale(), Stale.values()));
            case RESET -> reset(request.getReset());
            case CHANGE_NOT_SET ->
                throw Statuses.invalid("change", "none", "routes, shadows, limits, audit, stale or reset");
        };
    }

    private static DeploymentChange reset(boolean asked) {
        if (!asked) {
            throw Statuses.invalid("reset", "false", "true");
        }
        return new DeploymentChange.Reset();
    }

    private static Limits limits(DeploymentLimits asked, Limits now) {
        int inFlight = asked.getInFlight() == 0 ? now.instancesInFlight() : asked.getInFlight();
        if (!asked.hasDeadline()) {
            return new Limits(inFlight, now.deadline());
        }
        com.google.protobuf.Duration wire = asked.getDeadline();
        if (wire.getSeconds() < 0
                || wire.getSeconds() > Limits.DEADLINE_MAX.toSeconds()
                || wire.getNanos() < 0
                || wire.getNanos() >= NANOS_PER_SECOND) {
            throw Statuses.invalid(new Invalid(
                    "limits.deadline",
                    wire.getSeconds() + "s " + wire.getNanos() + "ns",
                    "1 ms to " + Limits.DEADLINE_MAX.toSeconds() + " s, or 0 for none"));
        }
        Duration deadline = Duration.ofSeconds(wire.getSeconds(), wire.getNanos());
        return new Limits(inFlight, deadline.isZero() ? Optional.empty() : Optional.of(deadline));
    }

    private static <E extends Enum<E>> E word(String field, String text, E[] words) {
        for (E word : words) {
            if (DeploymentMessages.lower(word).equals(text.toLowerCase(Locale.ROOT))) {
                return word;
            }
        }
        throw Statuses.invalid(
                field,
                text,
                "one of "
                        + List.of(words).stream().map(DeploymentMessages::lower).toList());
    }

    private CompletionStage<ServedDeployment> get(String system, DeploymentDefinition deployment, Duration timeout) {
        return DeploymentMessages.served(deployments, system, deployment, timeout);
    }
}
