package dev.triptych.audit.domain;

import dev.triptych.store.features.domain.CanonicalDigest;

/**
 * The hash of one range of the journal as its rows come by: SHA-256 over the hash of the range before it, every row, and
 * their number. Whoever changes, removes or slips in a row must change this seal and every one after it.
 */
public final class SealedRange {

    private static final String ENCODING = "triptych journal 1";

    private final CanonicalDigest digest = new CanonicalDigest(ENCODING);
    private long entries;

    /** @param before the hash of the range before, {@link Seal#GENESIS} for the first */
    public SealedRange(String before) {
        digest.text(before);
    }

    public void add(JournalRow row) {
        digest.text(row.persistenceId());
        digest.number(row.sequenceNr());
        digest.letter(row.deleted() ? 'y' : 'n');
        digest.text(row.writer());
        digest.letter(row.writeMillis().isPresent() ? 'y' : 'n');
        row.writeMillis().ifPresent(digest::number);
        digest.text(row.adapterManifest());
        digest.number(row.serializerId());
        digest.text(row.manifest());
        digest.bytes(row.payload());
        entries++;
    }

    public long entries() {
        return entries;
    }

    /** In hex; ends the range. */
    public String hash() {
        digest.number(entries);
        return digest.hash();
    }
}
