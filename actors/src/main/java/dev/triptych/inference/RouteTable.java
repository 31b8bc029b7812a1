package dev.triptych.inference;

import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.Routing.Slice;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.Served;
import dev.triptych.inference.domain.KeyPlace;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The loaded versions of one deployment on one node, and which of them answers which key. Immutable. */
final class RouteTable {

    private final KeyPlace places;
    private final ServingRules rules;
    /** What is served, which is not what the rules say where a version of theirs cannot be loaded. */
    private final Routing routing;

    private final Map<String, LoadedVersion> versions;
    private final LoadedVersion[] byPlace;
    /** Where one version answers everything. */
    private final @Nullable LoadedVersion only;

    private final List<LoadedVersion> shadows;

    /**
     * @param versions by target: those of the routing, and those shadows that could be loaded
     */
    RouteTable(KeyPlace places, ServingRules rules, Routing routing, Map<String, LoadedVersion> versions) {
        this.places = places;
        this.rules = rules;
        this.routing = routing;
        this.versions = Map.copyOf(versions);
        this.byPlace = new LoadedVersion[Routing.PLACES];
        for (Slice slice : routing.slices()) {
            Arrays.fill(byPlace, slice.from(), slice.until(), behind(slice.to()));
        }
        this.only = Arrays.stream(byPlace).distinct().count() == 1 ? byPlace[0] : null;
        this.shadows = rules.shadows().stream()
                .map(this.versions::get)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** The same versions under other limits, another audit and another rule for stale features. */
    RouteTable under(ServingRules newRules) {
        return new RouteTable(places, newRules, routing, versions);
    }

    ServingRules rules() {
        return rules;
    }

    /** The version that answers everything; null where several do. */
    @Nullable
    LoadedVersion only() {
        return only;
    }

    /** The version with most of the traffic. */
    LoadedVersion main() {
        return behind(routing.main());
    }

    /** The same for the same key, or for the same features, however often it is asked. */
    LoadedVersion of(Instance instance) {
        return byPlace[instance.key().map(places::of).orElseGet(() -> places.of(instance.given()))];
    }

    List<LoadedVersion> shadows() {
        return shadows;
    }

    /** Whether a version is warm already. */
    boolean holds(LoadedVersion version) {
        return versions.containsValue(version);
    }

    /** Whether it answers as another would: nobody needs to be told of the change. */
    boolean servesAs(RouteTable other) {
        return served().equals(other.served()) && shadowed().equals(other.shadowed());
    }

    /** Routes as they are served. */
    List<Served> served() {
        var served = new ArrayList<Served>();
        for (Route route : routing.routes()) {
            served.add(served(route.to(), route.weight()));
        }
        return served;
    }

    /** Shadows as they are evaluated. */
    List<Served> shadowed() {
        return rules.shadows().stream()
                .filter(versions::containsKey)
                .map(to -> served(to, 0))
                .toList();
    }

    /** For the node's log. */
    @Override
    public String toString() {
        return served().stream()
                        .map(each -> "version " + each.version() + " (" + each.to() + ", " + each.weight() + " %)")
                        .collect(Collectors.joining(", "))
                + shadowed().stream()
                        .map(each -> ", shadow version " + each.version() + " (" + each.to() + ")")
                        .collect(Collectors.joining());
    }

    private Served served(String to, int weight) {
        LoadedVersion version = behind(to);
        return new Served(
                to,
                weight,
                version.version().number(),
                version.predictor().evaluatedBy().evaluator());
    }

    private LoadedVersion behind(String to) {
        return Objects.requireNonNull(versions.get(to), to);
    }
}
