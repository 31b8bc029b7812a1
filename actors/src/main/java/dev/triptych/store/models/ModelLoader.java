package dev.triptych.store.models;

import dev.triptych.store.models.domain.Signature;

/** Makes a predictor of an artifact's bytes. Blocks; up to a second. */
public interface ModelLoader {

    /** @throws IllegalArgumentException if the bytes are no model of this signature; the message says why */
    Predictor load(byte[] artifact, Signature signature);
}
