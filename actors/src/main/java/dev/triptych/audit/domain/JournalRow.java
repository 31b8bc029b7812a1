package dev.triptych.audit.domain;

import java.util.Optional;

/**
 * One row of the journal, with every column that gives an event its meaning. Its place in the journal is not among them:
 * that is where the row comes by, and survives a copy to another server, where transaction ids do not.
 *
 * @param sequenceNr within the persistence id, from 1
 * @param deleted whether Akka passes the row over
 * @param writer the incarnation of the actor that wrote it
 * @param writeMillis UTC, by the clock of the node that wrote it
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
        byte[] payload) {}
