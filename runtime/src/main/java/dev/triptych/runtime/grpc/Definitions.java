package dev.triptych.runtime.grpc;

import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks up what requests name; what does not exist is NOT_FOUND, with what does. */
final class Definitions {

    private final Map<String, SystemDefinition> systems;

    Definitions(Map<String, SystemDefinition> systems) {
        this.systems = new TreeMap<>(systems);
    }

    Collection<SystemDefinition> systems() {
        return systems.values();
    }

    SystemDefinition system(String name) {
        SystemDefinition system = systems.get(name);
        if (system == null) {
            throw Statuses.notFound("system", name, oneOf(systems.keySet()));
        }
        return system;
    }

    EntityDefinition entity(SystemDefinition system, String name) {
        return system.entity(name)
                .orElseThrow(() ->
                        Statuses.notFound("entity", name, oneOf(names(system.entities(), EntityDefinition::name))));
    }

    ViewDefinition view(SystemDefinition system, String name, String field) {
        return system.view(name)
                .orElseThrow(() -> Statuses.notFound(field, name, oneOf(names(system.views(), ViewDefinition::name))));
    }

    /** The named deployment, or the only one where none is named. */
    DeploymentDefinition deployment(SystemDefinition system, String name) {
        if (name.isEmpty() && system.deployments().size() == 1) {
            return system.deployments().getFirst();
        }
        return system.deployment(name)
                .orElseThrow(() -> Statuses.notFound(
                        "deployment",
                        name.isEmpty() ? "none named" : name,
                        oneOf(names(system.deployments(), DeploymentDefinition::name))));
    }

    /**
     * For a question that nothing on record answers: a system or deployment that is not declared either is NOT_FOUND.
     * Asked last, as what was recorded stays when its definition goes.
     *
     * @param system empty for any
     * @param deployment empty for any
     */
    void requireDeclared(String system, String deployment) {
        if (!system.isEmpty()) {
            SystemDefinition declared = system(system);
            if (!deployment.isEmpty()) {
                deployment(declared, deployment);
            }
        } else if (!deployment.isEmpty()
                && systems.values().stream()
                        .allMatch(each -> each.deployment(deployment).isEmpty())) {
            throw Statuses.notFound(
                    "deployment",
                    deployment,
                    oneOf(systems.values().stream()
                            .flatMap(each -> each.deployments().stream())
                            .map(DeploymentDefinition::name)
                            .toList()));
        }
    }

    void model(SystemDefinition system, String name) {
        if (system.trainingPipelineOf(name).isEmpty()) {
            throw Statuses.notFound(
                    "model", name, oneOf(names(system.trainingPipelines(), pipeline -> pipeline.model())));
        }
    }

    /** @param wanted {@code view.feature}, or {@code view} for all its features */
    List<FeatureRead> reads(SystemDefinition system, String entity, List<String> wanted) {
        var reads = new ArrayList<FeatureRead>();
        for (int i = 0; i < wanted.size(); i++) {
            String field = "features[" + i + "]";
            String name = wanted.get(i);
            int dot = name.indexOf('.');
            ViewDefinition view = view(system, dot < 0 ? name : name.substring(0, dot), field);
            if (!view.entity().equals(entity)) {
                throw Statuses.invalid(field, name, "a view of " + entity + "; this one is of " + view.entity());
            }
            if (dot < 0) {
                reads.addAll(view.reads());
            } else {
                String bare = name.substring(dot + 1);
                reads.add(view.read(view.feature(bare)
                        .orElseThrow(() -> Statuses.notFound(
                                field, name, oneOf(names(view.features(), each -> view.name() + "." + each.name()))))));
            }
        }
        return reads;
    }

    EntityId entityId(SystemDefinition system, String entity, String key, String field) {
        return new EntityId(system.name(), entity, checkedKey(key, field));
    }

    static String checkedKey(String key, String field) {
        EntityId.unfit(key, field).ifPresent(reason -> {
            throw Statuses.invalid(reason);
        });
        return key;
    }

    private static <T> List<String> names(List<T> declared, Function<T, String> name) {
        return declared.stream().map(name).toList();
    }

    private static String oneOf(Collection<String> names) {
        return names.isEmpty()
                ? "none is declared"
                : names.stream().sorted().collect(Collectors.joining(", ", "one of ", ""));
    }
}
