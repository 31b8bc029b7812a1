package dev.triptych.store.models.domain.evaluator;

/** Arrays that one thread works in while it evaluates; kept from row to row, so that evaluation allocates nothing. */
public final class Scratch {

    static final int ROWS = 4;

    final double[] row;
    final int[] words;
    /** For as many rows as are summed together. */
    final long[][] alive;

    final int[] leaves;
    final float[] margins;

    Scratch(int columns, int tests, int trees, int outputs) {
        row = new double[columns];
        words = new int[tests];
        alive = new long[ROWS][trees];
        leaves = new int[trees];
        margins = new float[outputs];
    }
}
