package dev.triptych.definition.domain;

import dev.triptych.store.features.domain.FeatureType;

/** A named, typed feature of a view. */
public record FeatureDefinition(String name, FeatureType type) {}
