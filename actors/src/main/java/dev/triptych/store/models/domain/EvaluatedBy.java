package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;

/**
 * What computes a version's predictions.
 *
 * @param evaluator {@code flattened}, the flat form of the model, checked at load against the library's own
 *     predictions; or the name of the library that trained it
 * @param reason why it is not the flat form; empty where it is
 */
public record EvaluatedBy(String evaluator, String reason) implements CborSerializable {

    public static final EvaluatedBy FLATTENED = new EvaluatedBy("flattened", "");

    public boolean flat() {
        return equals(FLATTENED);
    }
}
