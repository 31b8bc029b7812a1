package dev.triptych.store.models.domain.evaluator;

/**
 * The exponential of a float as glibc computes it since 2.27, which is what XGBoost's softmax calls: 2^(k/32) from a
 * table times a cubic polynomial of what remains, in doubles, rounded to a float at the end.
 *
 * <p>The products are fused with the sums that follow, as glibc does wherever the processor can (all x86-64 of the last
 * ten years, and ARM). Compared with glibc 2.36 for every one of the 2^30 floats from −110 to 0: no bit differs. glibc on
 * a processor that cannot rounds a few of those inputs the other way.
 *
 * <p>Algorithm: ARM's optimized routines, "expf", by Szabolcs Nagy.
 */
final class Exp32 {

    /** Anything lower is less than half of the smallest float. */
    private static final float UNDERFLOW = -0x1.9fe368p6f;

    private static final double STEPS = 32;
    private static final double STEPS_PER_LN2 = 0x1.71547652b82fep+0 * STEPS;
    /** Added to a number, leaves the nearest whole one in the lowest bits. */
    private static final double ROUNDING = 0x1.8p+52;

    private static final double CUBE = 0x1.c6af84b912394p-5 / STEPS / STEPS / STEPS;
    private static final double SQUARE = 0x1.ebfce50fac4f3p-3 / STEPS / STEPS;
    private static final double LINE = 0x1.62e42ff0c52d6p-1 / STEPS;

    /** The bits of 2^(i/32), less i << 47, so that adding k << 47 gives those of 2^(k/32) for any k. */
    private static final long[] POWERS = {
        0x3ff0000000000000L, 0x3fefd9b0d3158574L, 0x3fefb5586cf9890fL, 0x3fef9301d0125b51L,
        0x3fef72b83c7d517bL, 0x3fef54873168b9aaL, 0x3fef387a6e756238L, 0x3fef1e9df51fdee1L,
        0x3fef06fe0a31b715L, 0x3feef1a7373aa9cbL, 0x3feedea64c123422L, 0x3feece086061892dL,
        0x3feebfdad5362a27L, 0x3feeb42b569d4f82L, 0x3feeab07dd485429L, 0x3feea47eb03a5585L,
        0x3feea09e667f3bcdL, 0x3fee9f75e8ec5f74L, 0x3feea11473eb0187L, 0x3feea589994cce13L,
        0x3feeace5422aa0dbL, 0x3feeb737b0cdc5e5L, 0x3feec49182a3f090L, 0x3feed503b23e255dL,
        0x3feee89f995ad3adL, 0x3feeff76f2fb5e47L, 0x3fef199bdd85529cL, 0x3fef3720dcef9069L,
        0x3fef5818dcfba487L, 0x3fef7c97337b9b5fL, 0x3fefa4afa2a490daL, 0x3fefd0765b6e4540L,
    };

    private Exp32() {}

    /** @param exponent at most 0, as softmax subtracts the largest first */
    static float exp(float exponent) {
        if (exponent < UNDERFLOW) {
            return 0;
        }
        double shifted = Math.fma(STEPS_PER_LN2, exponent, ROUNDING);
        long step = Double.doubleToRawLongBits(shifted);
        double rest = Math.fma(STEPS_PER_LN2, exponent, -(shifted - ROUNDING));
        double power = Double.longBitsToDouble(POWERS[(int) (step & 31)] + (step << 47));
        double upper = Math.fma(CUBE, rest, SQUARE);
        double lower = Math.fma(LINE, rest, 1);
        return (float) (Math.fma(upper, rest * rest, lower) * power);
    }
}
