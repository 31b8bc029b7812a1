package dev.triptych.definition.domain;

import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureRead;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A feature view: a named, typed group of features of one entity.
 *
 * @param entity the entity's name
 * @param ttl how long a value counts as current; empty for ever
 * @param version SHA-256 of the view's own definition, by which it is versioned
 */
public record ViewDefinition(
        String name,
        String entity,
        Optional<Duration> ttl,
        FeatureRead.Boundary boundary,
        List<FeatureDefinition> features,
        String version) {
    public ViewDefinition {
        features = List.copyOf(features);
    }

    public Optional<FeatureDefinition> feature(String wanted) {
        return features.stream()
                .filter(feature -> feature.name().equals(wanted))
                .findFirst();
    }

    /** One of its features, read by the view's rules. */
    public FeatureRead read(FeatureDefinition feature) {
        return new FeatureRead(name, feature.name(), feature.type(), ttl.map(Micros::of), boundary);
    }

    /** All its features, in their order. */
    public List<FeatureRead> reads() {
        return features.stream().map(this::read).toList();
    }
}
