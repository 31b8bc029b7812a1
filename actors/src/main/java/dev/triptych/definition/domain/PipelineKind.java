package dev.triptych.definition.domain;

import java.util.Locale;

/** The three kinds of pipeline. */
public enum PipelineKind {
    FEATURE,
    TRAINING,
    INFERENCE;

    /** The name definitions, clients and run ids use: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
