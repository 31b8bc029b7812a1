package dev.triptych.inference.domain;

import dev.triptych.kernel.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Ids of predictions: UUIDs of version 7 (RFC 9562, section 5.7) as text, which sort by time. The twelve bits after the
 * milliseconds are a fraction of the millisecond (section 6.2, method 3).
 */
public final class PredictionId {

    private static final int FRACTION_BITS = 12;
    private static final long FRACTIONS = 1L << FRACTION_BITS;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

    private PredictionId() {}

    /** Milliseconds since 1970 and their 4,096ths, as one number that grows with time. */
    public static long tick(long micros) {
        long millis = Math.floorDiv(micros, MICROS_PER_MILLI);
        return (millis << FRACTION_BITS) | Math.floorMod(micros, MICROS_PER_MILLI) * FRACTIONS / MICROS_PER_MILLI;
    }

    /** @param random 62 bits are used */
    public static String of(long tick, long random) {
        long high = (tick >>> FRACTION_BITS) << 16 | VERSION_7 | (tick & (FRACTIONS - 1));
        return new UUID(high, VARIANT | (random & RANDOM_MASK)).toString();
    }

    /**
     * The id of a key's prediction within a batch run: always the same, so that a prediction that is repeated because
     * its first answer was lost is known to be the same one.
     *
     * @param asOfMicros the instant the run reads at; the id sorts by it
     */
    public static String ofRun(String runId, String key, long asOfMicros) {
        MessageDigest digest = Sha256.digest();
        digest.update(runId.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        long millis = Math.floorDiv(asOfMicros, MICROS_PER_MILLI);
        return of((millis << FRACTION_BITS) | (hash.getLong() & (FRACTIONS - 1)), hash.getLong());
    }
}
