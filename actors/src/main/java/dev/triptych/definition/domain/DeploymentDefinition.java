package dev.triptych.definition.domain;

/**
 * Where a model answers.
 *
 * @param name of the deployment, unique in the system
 * @param model the model's name
 * @param alias whose version answers, usually {@code champion}
 * @param audit how far a prediction is recorded before it is answered
 */
public record DeploymentDefinition(String name, String model, String alias, Audit audit) {

    public enum Audit {
        /** Answered after the record is committed. */
        DURABLE,
        /** Recorded, but answered at once; a crash can lose the records of the last moments. */
        ASYNC,
        /** Not recorded, so not replayable. */
        OFF
    }
}
