package dev.triptych.definition;

import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entities and views that pipelines may name. */
record Declared(List<EntityDefinition> entities, List<ViewDefinition> views) {

    Optional<ViewDefinition> view(String name) {
        return views.stream().filter(view -> view.name().equals(name)).findFirst();
    }

    List<String> viewNames() {
        return views.stream().map(ViewDefinition::name).toList();
    }

    List<String> entityNames() {
        return entities.stream().map(EntityDefinition::name).toList();
    }

    /** Every {@code view.feature} of an entity. */
    List<String> featureNames(String entity) {
        return views.stream()
                .filter(view -> mayBeOf(view, entity))
                .flatMap(view -> view.features().stream().map(feature -> view.name() + "." + feature.name()))
                .toList();
    }

    /** What {@code view.feature} or {@code view.*} names; empty where it names nothing of the entity. */
    List<FeatureRead> reads(String entity, String name) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return List.of();
        }
        String wanted = name.substring(dot + 1);
        var reads = new ArrayList<FeatureRead>();
        view(name.substring(0, dot))
                .filter(view -> mayBeOf(view, entity))
                .ifPresent(view -> view.features().stream()
                        .filter(feature -> wanted.equals("*") || feature.name().equals(wanted))
                        .forEach(feature -> reads.add(view.read(feature))));
        return reads;
    }

    /** The one feature that {@code view.feature} names. */
    Optional<FeatureRead> read(String entity, String name) {
        return name.endsWith(".*")
                ? Optional.empty()
                : reads(entity, name).stream().findFirst();
    }

    /** An entity that is not declared is a mistake of its own; what follows from it is none. */
    boolean mayBeOf(ViewDefinition view, String entity) {
        return view.entity().equals(entity)
                || !entityNames().contains(entity)
                || !entityNames().contains(view.entity());
    }
}
