package dev.triptych.store.models.domain.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Exp32Test {

    /** Floats to skip between two that are hashed. */
    private static final int STRIDE = 4_099;

    /** Made once by glibc 2.36 on a processor with fused multiply-add: a hash of the bits of expf for the same floats. */
    private static final long GLIBC = 0x98b786af573c07e1L;

    @Test
    void givesTheBitsThatGlibcGives() {
        long hash = 0;
        for (long bits = 0x8000_0000L; bits <= 0xc2dc_0000L; bits += STRIDE) {
            int exp = Float.floatToRawIntBits(Exp32.exp(Float.intBitsToFloat((int) bits)));
            hash = hash * 6_364_136_223_846_793_005L + exp;
        }
        assertThat(hash).isEqualTo(GLIBC);
    }

    @Test
    void isOneAtZeroAndEndsInNothing() {
        assertThat(Exp32.exp(0)).isEqualTo(1);
        assertThat(Exp32.exp(-104)).isZero();
        assertThat(Exp32.exp(Float.NEGATIVE_INFINITY)).isZero();
    }
}
