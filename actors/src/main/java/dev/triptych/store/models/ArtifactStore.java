package dev.triptych.store.models;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Model artifacts by the SHA-256 of their bytes. Answers on any thread. */
public interface ArtifactStore {

    /** Stores the bytes durably and answers their SHA-256 in hex; storing the same bytes again changes nothing. */
    CompletionStage<String> put(byte[] artifact);

    /** The bytes, their hash checked; empty if there are none of that name. */
    CompletionStage<Optional<byte[]>> get(String hash);
}
