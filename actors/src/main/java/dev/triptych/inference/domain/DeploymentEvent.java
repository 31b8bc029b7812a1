package dev.triptych.inference.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.kernel.CborSerializable;
import java.util.List;

/** What somebody changed of how a deployment answers: who, why, and when in UTC microseconds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "changed")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DeploymentEvent.RoutesChanged.class, name = "routes"),
    @JsonSubTypes.Type(value = DeploymentEvent.ShadowsChanged.class, name = "shadows"),
    @JsonSubTypes.Type(value = DeploymentEvent.LimitsChanged.class, name = "limits"),
    @JsonSubTypes.Type(value = DeploymentEvent.AuditChanged.class, name = "audit"),
    @JsonSubTypes.Type(value = DeploymentEvent.StaleRuleChanged.class, name = "stale"),
    @JsonSubTypes.Type(value = DeploymentEvent.WasReset.class, name = "reset")
})
public sealed interface DeploymentEvent extends CborSerializable {

    String by();

    String reason();

    long atMicros();

    record RoutesChanged(Routing routing, String by, String reason, long atMicros) implements DeploymentEvent {}

    /** @param shadows aliases and version numbers, as {@code Route.to} */
    record ShadowsChanged(List<String> shadows, String by, String reason, long atMicros) implements DeploymentEvent {
        public ShadowsChanged {
            shadows = List.copyOf(shadows);
        }
    }

    record LimitsChanged(Limits limits, String by, String reason, long atMicros) implements DeploymentEvent {}

    record AuditChanged(Audit audit, String by, String reason, long atMicros) implements DeploymentEvent {}

    record StaleRuleChanged(Stale stale, String by, String reason, long atMicros) implements DeploymentEvent {}

    record WasReset(String by, String reason, long atMicros) implements DeploymentEvent {}
}
