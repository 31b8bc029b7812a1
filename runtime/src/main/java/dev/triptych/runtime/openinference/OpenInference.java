package dev.triptych.runtime.openinference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Description;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The Open Inference Protocol, version 2: every deployment is a model named {@code system.deployment}, or by the
 * deployment's bare name where only one system has it; its versions are those of the model behind it. The specification
 * is KServe's "Open Inference Protocol (V2)".
 */
public final class OpenInference {

    /** Request parameter: names the BYTES tensor that holds entity keys, whose features the node looks up. */
    public static final String KEY_PARAMETER = "entity_key";

    /** Request parameter: true for a tensor of what each input added to the prediction. */
    public static final String EXPLAIN_PARAMETER = "explain";

    public static final String PLATFORM = "triptych";

    record Deployed(String system, DeploymentDefinition deployment, ActorRef<InferenceActor.Command> actor) {
        String model() {
            return system + "/" + deployment.model();
        }
    }

    private final ActorSystem<?> system;
    private final BooleanSupplier nodeReady;
    private final Map<String, Deployed> byFullName = new HashMap<>();
    private final Map<String, Deployed> byBareName = new HashMap<>();

    /**
     * @param deployments by {@code system/deployment}
     * @param nodeReady whether the node as a whole can serve
     */
    public OpenInference(
            ActorSystem<?> system,
            Collection<SystemDefinition> systems,
            Map<String, ActorRef<InferenceActor.Command>> deployments,
            BooleanSupplier nodeReady) {
        this.system = system;
        this.nodeReady = nodeReady;
        for (SystemDefinition declared : systems) {
            for (DeploymentDefinition deployment : declared.deployments()) {
                var actor = deployments.get(declared.name() + "/" + deployment.name());
                if (actor != null) {
                    byFullName.put(
                            declared.name() + "." + deployment.name(),
                            new Deployed(declared.name(), deployment, actor));
                }
            }
        }
        byFullName.values().forEach(each -> {
            String bare = each.deployment().name();
            boolean only = byFullName.values().stream()
                            .filter(other -> other.deployment().name().equals(bare))
                            .count()
                    == 1;
            if (only) {
                byBareName.put(bare, each);
            }
        });
    }

    /** Of this program; one that was not built as a release has none. */
    public static String version() {
        return Optional.ofNullable(OpenInference.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** Ready where the node is, and no deployment is still finding out which version answers. */
    public CompletionStage<Boolean> ready(Duration timeout) {
        CompletionStage<Boolean> all = CompletableFuture.completedStage(nodeReady.getAsBoolean());
        for (Deployed each : byFullName.values()) {
            CompletionStage<Description> description =
                    AskPattern.ask(each.actor(), InferenceActor.Describe::new, timeout, system.scheduler());
            all = all.thenCombine(description, (settled, next) -> settled && next.settled());
        }
        return all;
    }

    /** @throws RefusedException if there is no such model, or the version cannot be one */
    public ServedModel model(ModelName name) {
        Deployed found = byFullName.getOrDefault(name.name(), byBareName.get(name.name()));
        if (found == null) {
            List<String> all = byFullName.keySet().stream().sorted().toList();
            throw RefusedException.notFound(name.nameField(), name.name(), "one of " + all);
        }
        return new ServedModel(system, found, name, name.number());
    }
}
