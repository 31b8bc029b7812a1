package dev.triptych.definition.domain;

/**
 * Batch inference: some keys through a deployment, on a cadence.
 *
 * @param deployment which deployment answers
 * @param keys which keys are predicted
 */
public record InferencePipelineDefinition(String name, Cadence cadence, String deployment, KeySelection keys) {

    /** Over every key of a view. */
    public InferencePipelineDefinition(String name, Cadence cadence, String deployment, String view) {
        this(name, cadence, deployment, new KeySelection.OfView(view));
    }
}
