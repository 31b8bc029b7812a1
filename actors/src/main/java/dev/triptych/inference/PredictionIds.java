package dev.triptych.inference;

import dev.triptych.inference.domain.PredictionId;
import dev.triptych.kernel.Micros;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Gives out prediction ids: each sorts after all that were given out before it by this object, also where the clock
 * stands still or is set back. Thread-safe.
 */
final class PredictionIds {

    /** A secure source takes a microsecond for eight bytes, and hardly more for many. */
    private static final int RANDOM_BYTES_AT_ONCE = 4_096;

    private final Clock clock;
    private final RandomGenerator random;
    private final byte[] drawn = new byte[RANDOM_BYTES_AT_ONCE];
    private final ByteBuffer left = ByteBuffer.wrap(drawn).position(RANDOM_BYTES_AT_ONCE);
    private long lastTick = Long.MIN_VALUE;

    /** @param random keeps apart what several nodes give out; unpredictable, and of any thread */
    PredictionIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized String next() {
        lastTick = Math.max(lastTick + 1, PredictionId.tick(Micros.of(clock.instant())));
        return PredictionId.of(lastTick, nextRandom());
    }

    private long nextRandom() {
        if (!left.hasRemaining()) {
            random.nextBytes(drawn);
            left.clear();
        }
        return left.getLong();
    }
}
