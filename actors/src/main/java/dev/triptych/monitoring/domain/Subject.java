package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;

/**
 * What is watched by one number.
 *
 * @param source a deployment, for drift and quality; a view, for freshness
 * @param measure the feature or {@link Drift#OUTPUT}; the metric; for freshness {@code age}
 */
public record Subject(String system, AlertKind kind, String source, String measure) implements CborSerializable {}
