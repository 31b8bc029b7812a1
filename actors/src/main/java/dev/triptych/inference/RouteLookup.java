package dev.triptych.inference;

import akka.actor.typed.ActorSystem;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.inference.domain.KeyPlace;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Causes;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a deployment should answer with, and loads, checks and warms it, all before anything is routed there.
 */
final class RouteLookup {

    private static final Duration DEPLOYMENT_TIMEOUT = Duration.ofSeconds(5);

    sealed interface Found {}

    /** @param problem shadows that could not be loaded, which are left out */
    record Ready(RouteTable table, Optional<String> problem) implements Found {}

    /** A route leads to an alias that points nowhere, or to a version that is not there. */
    record NoVersion(ServingRules rules, String to) implements Found {}

    /** A version of a route cannot be loaded. */
    record Unloadable(ServingRules rules, String reason) implements Found {}

    /** Nobody says what to serve. */
    record Silent(String reason) implements Found {}

    /** A version, or why it cannot be had. */
    private record Loading(Optional<LoadedVersion> version, String problem) {}

    private final ActorSystem<?> actors;
    private final String path;
    private final String modelPath;
    private final DeploymentDefinition deployment;
    private final KeyPlace places;
    private final LoadedVersions versions;
    private final Executor evaluation;

    RouteLookup(
            ActorSystem<?> actors,
            String system,
            DeploymentDefinition deployment,
            LoadedVersions versions,
            Executor evaluation) {
        this.actors = actors;
        this.path = system + "/" + deployment.name();
        this.modelPath = system + "/" + deployment.model();
        this.deployment = deployment;
        this.places = new KeyPlace(system, deployment.name());
        this.versions = versions;
        this.evaluation = evaluation;
    }

    /**
     * Never fails.
     *
     * @param serving what is served now, and warm therefore
     */
    CompletionStage<Found> look(@Nullable RouteTable serving) {
        return DeploymentEntity.state(actors, path, DEPLOYMENT_TIMEOUT)
                .thenCombine(
                        versions.registered(modelPath),
                        (state, model) -> load(state.over(deployment.rules()), model, serving))
                .thenCompose(found -> found)
                .exceptionally(failure -> new Silent(Causes.message(failure)));
    }

    private CompletionStage<Found> load(ServingRules rules, RegisteredModel model, @Nullable RouteTable serving) {
        var wanted = new HashMap<String, ModelVersion>();
        for (Route route : rules.routing().routes()) {
            Optional<ModelVersion> version = behind(model, route.to());
            if (version.isEmpty()) {
                return CompletableFuture.completedStage(new NoVersion(rules, route.to()));
            }
            wanted.put(route.to(), version.get());
        }
        var problems = new ArrayList<String>();
        for (String shadow : rules.shadows()) {
            behind(model, shadow)
                    .ifPresentOrElse(
                            version -> wanted.putIfAbsent(shadow, version),
                            () -> problems.add("shadow " + shadow + " is left out: there is no such version"));
        }
        return Answers.byKey(wanted.keySet(), to -> loading(Objects.requireNonNull(wanted.get(to)), serving))
                .thenApply(loaded -> found(rules, loaded, problems));
    }

    /** @param to as {@link Route#to} */
    static Optional<ModelVersion> behind(RegisteredModel model, String to) {
        return Route.number(to).map(model::version).orElseGet(() -> model.behind(to));
    }

    private CompletionStage<Loading> loading(ModelVersion version, @Nullable RouteTable serving) {
        return versions.load(version)
                .thenCompose(loaded -> serving != null && serving.holds(loaded)
                        ? CompletableFuture.completedStage(loaded)
                        : CompletableFuture.supplyAsync(() -> Warming.warmed(loaded), evaluation))
                .thenApply(loaded -> new Loading(Optional.of(loaded), ""))
                .exceptionally(failure -> new Loading(
                        Optional.empty(),
                        "version " + version.number() + " cannot be loaded: " + Causes.message(failure)));
    }

    private Found found(ServingRules rules, Map<String, Loading> loaded, List<String> problems) {
        var usable = new HashMap<String, LoadedVersion>();
        loaded.forEach((to, loading) -> loading.version().ifPresent(version -> usable.put(to, version)));
        for (Route route : rules.routing().routes()) {
            if (!usable.containsKey(route.to())) {
                return new Unloadable(
                        rules, Objects.requireNonNull(loaded.get(route.to())).problem());
            }
        }
        for (String shadow : rules.shadows()) {
            Loading loading = loaded.get(shadow);
            if (loading != null && loading.version().isEmpty()) {
                problems.add("shadow " + shadow + " is left out: " + loading.problem());
            }
        }
        return new Ready(
                new RouteTable(places, rules, rules.routing(), usable),
                problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)));
    }
}
