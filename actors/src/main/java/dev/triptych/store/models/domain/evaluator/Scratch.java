package dev.triptych.store.models.domain.evaluator;

/** Arrays that one thread works in while it evaluates; kept from row to row, so that evaluation allocates nothing. */
public final class Scratch {

    final double[] row;
    final int[] offsets;
    final long[] alive;
    final int[] leaves;
    final float[] margins;

    Scratch(int columns, int tests, int trees, int outputs) {
        row = new double[columns];
        offsets = new int[tests];
        alive = new long[trees];
        leaves = new int[trees];
        margins = new float[outputs];
    }
}
