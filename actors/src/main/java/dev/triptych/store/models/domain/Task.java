package dev.triptych.store.models.domain;

/** What a model answers: one of several outcomes with their probabilities, or a number. */
public enum Task {
    CLASSIFICATION,
    REGRESSION
}
