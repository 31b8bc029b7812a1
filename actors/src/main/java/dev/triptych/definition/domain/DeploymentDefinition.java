package dev.triptych.definition.domain;

/**
 * Where a model answers.
 *
 * @param name of the deployment, unique in the system
 * @param model the model's name
 * @param rules how it answers, until somebody changes that at run time
 */
public record DeploymentDefinition(String name, String model, ServingRules rules) {

    /**
     * The short form: everything to one target, and the defaults of all else.
     *
     * @param alias whose version answers, usually {@code champion}
     */
    public DeploymentDefinition(String name, String model, String alias, Audit audit) {
        this(name, model, ServingRules.allTo(alias, audit));
    }

    /** Where most of the traffic goes as declared, usually {@code champion}. */
    public String alias() {
        return rules.routing().main();
    }

    /** How far a prediction is recorded before it is answered, as declared. */
    public Audit audit() {
        return rules.audit();
    }

    public enum Audit {
        /** Answered after the record is committed. */
        DURABLE,
        /** Recorded, but answered at once; a crash can lose the records of the last moments. */
        ASYNC,
        /** Not recorded, so not replayable. */
        OFF
    }
}
