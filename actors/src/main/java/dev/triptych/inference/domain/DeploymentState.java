package dev.triptych.inference.domain;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.inference.domain.DeploymentEvent.AuditChanged;
import dev.triptych.inference.domain.DeploymentEvent.LimitsChanged;
import dev.triptych.inference.domain.DeploymentEvent.RoutesChanged;
import dev.triptych.inference.domain.DeploymentEvent.ShadowsChanged;
import dev.triptych.inference.domain.DeploymentEvent.StaleRuleChanged;
import dev.triptych.inference.domain.DeploymentEvent.WasReset;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was changed of a deployment at run time. Whatever was never changed is as the definition says; what was stays
 * so, whatever the definition says later, until the deployment is reset.
 *
 * @param changes the last of them, oldest first, at most {@link #CHANGES_KEPT}
 */
public record DeploymentState(
        Optional<Routing> routing,
        Optional<List<String>> shadows,
        Optional<Limits> limits,
        Optional<Audit> audit,
        Optional<Stale> stale,
        List<DeploymentEvent> changes)
        implements CborSerializable {

    /** So many are shown; the journal has them all. */
    public static final int CHANGES_KEPT = 50;

    private static final int REASON_LENGTH_MAX = 1_000;

    public static final DeploymentState UNCHANGED = new DeploymentState(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public DeploymentState {
        shadows = shadows.map(List::copyOf);
        changes = List.copyOf(changes);
    }

    /** How the deployment answers now. */
    public ServingRules over(ServingRules defined) {
        return new ServingRules(
                routing.orElse(defined.routing()),
                shadows.orElse(defined.shadows()),
                limits.orElse(defined.limits()),
                audit.orElse(defined.audit()),
                stale.orElse(defined.stale()));
    }

    /** What is so already is nothing new. */
    public Decision<DeploymentEvent, Invalid> change(
            DeploymentChange change, ServingRules defined, String by, String reason, long nowMicros) {
        if (reason.length() > REASON_LENGTH_MAX) {
            return Decision.refuse(new Invalid("reason", reason, "at most " + REASON_LENGTH_MAX + " characters"));
        }
        ServingRules now = over(defined);
        return switch (change) {
            case DeploymentChange.Routes(var routes) -> {
                Optional<Invalid> mistake = Routing.mistake(routes);
                yield mistake.isPresent()
                        ? Decision.refuse(mistake.get())
                        : decision(
                                now.routing().routes().equals(routes),
                                new RoutesChanged(now.routing().reweighted(routes), by, reason, nowMicros));
            }
            case DeploymentChange.Shadows(var asked) ->
                checked(
                        ServingRules.mistake(asked, now.audit()),
                        now.shadows().equals(asked),
                        new ShadowsChanged(asked, by, reason, nowMicros));
            case DeploymentChange.Limits(var asked) ->
                checked(asked.mistake(), now.limits().equals(asked), new LimitsChanged(asked, by, reason, nowMicros));
            case DeploymentChange.Audit(var asked) ->
                checked(
                        ServingRules.mistake(now.shadows(), asked),
                        now.audit() == asked,
                        new AuditChanged(asked, by, reason, nowMicros));
            case DeploymentChange.Stale(var asked) ->
                decision(now.stale() == asked, new StaleRuleChanged(asked, by, reason, nowMicros));
            case DeploymentChange.Reset reset -> decision(isAsDefined(), new WasReset(by, reason, nowMicros));
        };
    }

    private boolean isAsDefined() {
        return Stream.of(routing, shadows, limits, audit, stale).allMatch(Optional::isEmpty);
    }

    private static Decision<DeploymentEvent, Invalid> checked(
            Optional<Invalid> mistake, boolean already, DeploymentEvent event) {
        return mistake.isPresent() ? Decision.refuse(mistake.get()) : decision(already, event);
    }

    private static Decision<DeploymentEvent, Invalid> decision(boolean already, DeploymentEvent event) {
        return already ? Decision.nothingToDo() : Decision.accept(event);
    }

    /** Total over every event ever written. */
    public DeploymentState apply(DeploymentEvent event) {
        var longer = new ArrayList<>(changes.subList(Math.max(0, changes.size() - CHANGES_KEPT + 1), changes.size()));
        longer.add(event);
        return switch (event) {
            case RoutesChanged to ->
                new DeploymentState(Optional.of(to.routing()), shadows, limits, audit, stale, longer);
            case ShadowsChanged to ->
                new DeploymentState(routing, Optional.of(to.shadows()), limits, audit, stale, longer);
            case LimitsChanged to ->
                new DeploymentState(routing, shadows, Optional.of(to.limits()), audit, stale, longer);
            case AuditChanged to ->
                new DeploymentState(routing, shadows, limits, Optional.of(to.audit()), stale, longer);
            case StaleRuleChanged to ->
                new DeploymentState(routing, shadows, limits, audit, Optional.of(to.stale()), longer);
            case WasReset reset ->
                new DeploymentState(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        longer);
        };
    }
}
