package dev.triptych.audit.domain;

import dev.triptych.store.features.domain.CanonicalDigest;
import java.util.Optional;

/**
 * The hash of one range of the journal as its rows come by: SHA-256 over the hash of the range before it, every row, and
 * their number. Whoever changes, removes or slips in a row must change this seal and every one after it.
 *
 * <p>Of a payload the seal takes {@link JournalRow#payloadHash}, which is kept where the payload is erased. Until there
 * was erasure it took the payload itself.
 */
public final class SealedRange {

    private static final String ENCODING = "triptych journal 2";
    private static final String FORMER_ENCODING = "triptych journal 1";

    private final CanonicalDigest digest;
    private final boolean entirePayloads;
    private long entries;

    /** @param before the hash of the range before, {@link Seal#GENESIS} for the first */
    public SealedRange(String before) {
        this(ENCODING, before, false);
    }

    private SealedRange(String encoding, String before, boolean entirePayloads) {
        this.digest = new CanonicalDigest(encoding);
        this.entirePayloads = entirePayloads;
        digest.text(before);
    }

    /**
     * As it was sealed before there was erasure.
     *
     * @param before the former hash of the range before
     */
    public static SealedRange former(String before) {
        return new SealedRange(FORMER_ENCODING, before, true);
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
        digest.bytes(entirePayloads ? row.payload() : row.payloadHash());
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

    /**
     * The hash of a range that had another when seals were made over entire payloads: that one is sealed with it. In hex;
     * ends the range.
     */
    public String hash(Optional<String> former) {
        former.ifPresent(digest::text);
        return hash();
    }
}
