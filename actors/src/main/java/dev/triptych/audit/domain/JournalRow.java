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
 * @param erasedHash SHA-256 of the payload as it was written, where that was erased since
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
        Optional<byte[]> erasedHash) {

    /** SHA-256 of the payload as it was written. */
    byte[] payloadHash() {
        return erasedHash.orElseGet(() -> Sha256.digest().digest(payload));
    }
}
