package dev.triptych.audit.domain;

import dev.triptych.kernel.Sha256;
import java.util.Optional;

/**
 * One row of the journal, with every column that gives an event its meaning. Its place in the journal is not among them:
 * that is where the row comes by, and survives a copy to another server, where transaction ids do not.
 *
 * @param sequenceNr within the persistence id, from 1
 * @param deleted whether Akka passes the row over
 * @param writer the incarnation of the actor that wrote it
 * @param writeMillis UTC, by the clock of the node that wrote it
 * @param salt 16 random bytes, so that an erased payload cannot be guessed by its hash; all zero where there are none, in
 *     rows of before there was erasure and in erased ones
 * @param erasedHash {@link #payloadHash} of the payload as it was written, where that was erased since
 */
public record JournalRow(
        String persistenceId,
        long sequenceNr,
        boolean deleted,
        String writer,
        Optional<Long> writeMillis,
        Optional<String> adapterManifest,
        int serializerId,
        String manifest,
        byte[] payload,
        byte[] salt,
        Optional<byte[]> erasedHash) {

    /** SHA-256 of salt and payload, as it was written. */
    byte[] payloadHash() {
        return erasedHash.orElseGet(() -> {
            var digest = Sha256.digest();
            digest.update(salt);
            return digest.digest(payload);
        });
    }
}
