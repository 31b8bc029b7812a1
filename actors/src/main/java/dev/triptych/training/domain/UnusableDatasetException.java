package dev.triptych.training.domain;

/** A dataset that no model can be trained on as the definition says; the message names field, value and mend. */
public final class UnusableDatasetException extends RuntimeException {
    public UnusableDatasetException(String message) {
        super(message);
    }
}
