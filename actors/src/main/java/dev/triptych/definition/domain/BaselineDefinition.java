package dev.triptych.definition.domain;

import java.util.Optional;

/**
 * A trivial rule that every evaluation shows beside the model. The majority class (or the mean) is always among them.
 *
 * @param name as shown, for example {@code sex-only}
 * @param input answers by this input's value alone, with what was most common (or the mean) among the training rows;
 *     empty for the majority or mean of all
 */
public record BaselineDefinition(String name, Optional<String> input) {}
