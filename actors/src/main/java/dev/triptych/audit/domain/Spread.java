package dev.triptych.audit.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * How numbers from 0 up are spread: counted in {@value #BINS} bins of equal width, which doubles whenever a number does
 * not fit. So it takes no more room for more numbers, nor for larger ones.
 */
public final class Spread {

    static final int BINS = 20;

    /** A power of 2, so that no edge is rounded. */
    static final double FIRST_WIDTH = 1.0 / 1024;

    /** @param to excluded */
    public record Bin(double from, double to, long count) {}

    private final long[] counts = new long[BINS];
    private double width = FIRST_WIDTH;

    /** One that is not finite is left out. */
    void add(double number) {
        if (!Double.isFinite(number)) {
            return;
        }
        while (number / width >= BINS) {
            for (int bin = 0; bin < BINS; bin++) {
                counts[bin] = bin < BINS / 2 ? counts[2 * bin] + counts[2 * bin + 1] : 0;
            }
            width *= 2;
        }
        counts[(int) (number / width)]++;
    }

    /** From 0 to the last that is not empty. */
    public List<Bin> bins() {
        int used = BINS;
        while (used > 0 && counts[used - 1] == 0) {
            used--;
        }
        var bins = new ArrayList<Bin>();
        for (int bin = 0; bin < used; bin++) {
            bins.add(new Bin(bin * width, (bin + 1) * width, counts[bin]));
        }
        return bins;
    }
}
