package dev.triptych.definition.domain;

/**
 * Batch inference: every key of a view through a deployment, on a cadence.
 *
 * @param deployment which deployment answers
 * @param view whose keys are predicted
 */
public record InferencePipelineDefinition(String name, Cadence cadence, String deployment, String view) {}
