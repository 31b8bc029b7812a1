package dev.triptych.inference.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.kernel.CborSerializable;
import java.util.List;

/** What can be asked of a deployment to be otherwise. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "change")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DeploymentChange.Routes.class, name = "routes"),
    @JsonSubTypes.Type(value = DeploymentChange.Shadows.class, name = "shadows"),
    @JsonSubTypes.Type(value = DeploymentChange.Limits.class, name = "limits"),
    @JsonSubTypes.Type(value = DeploymentChange.Audit.class, name = "audit"),
    @JsonSubTypes.Type(value = DeploymentChange.Stale.class, name = "stale"),
    @JsonSubTypes.Type(value = DeploymentChange.Reset.class, name = "reset")
})
public sealed interface DeploymentChange extends CborSerializable {

    /** @param routes all of them, with weights that sum to 100 */
    record Routes(List<Route> routes) implements DeploymentChange {
        public Routes {
            routes = List.copyOf(routes);
        }
    }

    /** @param shadows all of them, none for no shadows */
    record Shadows(List<String> shadows) implements DeploymentChange {
        public Shadows {
            shadows = List.copyOf(shadows);
        }
    }

    record Limits(ServingRules.Limits limits) implements DeploymentChange {}

    record Audit(DeploymentDefinition.Audit audit) implements DeploymentChange {}

    record Stale(ServingRules.Stale stale) implements DeploymentChange {}

    /** Back to the definition in everything, and to what it says later. */
    record Reset() implements DeploymentChange {}
}
