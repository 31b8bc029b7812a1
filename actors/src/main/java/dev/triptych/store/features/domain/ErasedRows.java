package dev.triptych.store.features.domain;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What stands in the journal where the rows of an erased entity stood: a {@link FeatureEvent.RowsWritten} as every release
 * reads it, without view, rows and write id. It follows from the columns beside it, so that nothing can be hidden in it.
 */
public final class ErasedRows {

    /** CBOR of {@code {"v": "", "n": [], "t": "", "r": [], "i":}} and the head of a whole number of eight bytes. */
    private static final byte[] HEAD = HexFormat.of().parseHex("a5617660616e806174606172806169" + "1b");

    private static final long MICROS_A_MILLI = 1_000;

    private ErasedRows() {}

    /** The bytes before the ingest time, which ends the payload as eight bytes, big-endian. */
    public static byte[] head() {
        return HEAD.clone();
    }

    /** @param writeMillis when the event was written, UTC; 0 where that is not known */
    public static byte[] payload(Optional<Long> writeMillis) {
        return ByteBuffer.allocate(HEAD.length + Long.BYTES)
                .put(HEAD)
                .putLong(writeMillis.orElse(0L) * MICROS_A_MILLI)
                .array();
    }
}
