package dev.triptych.definition.domain;

/**
 * A model-dependent transformation of one numeric input, fitted on the training rows and kept in the model.
 *
 * @param input {@code view.feature}
 * @param kind {@code standardise} (mean 0, deviation 1), {@code rescale} (to [0, 1]), {@code log1p}, or
 *     {@code impute-mean}
 */
public record TransformationDefinition(String input, String kind) {}
