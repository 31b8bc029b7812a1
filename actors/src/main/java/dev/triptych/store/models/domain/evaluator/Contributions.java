package dev.triptych.store.models.domain.evaluator;

/**
 * What each column added to a row's raw outputs: those before softmax, or the scores themselves where there is none.
 * The base and all columns of an output sum to the raw output, within rounding.
 */
public final class Contributions {

    private final double[] base;
    private final double[] values;

    /** @param base what is expected before anything is known of the row, by output */
    Contributions(double[] base, int columns) {
        this.base = base.clone();
        this.values = new double[columns * base.length];
    }

    public int outputs() {
        return base.length;
    }

    public double base(int output) {
        return base[output];
    }

    public double of(int column, int output) {
        return values[column * base.length + output];
    }

    void add(int column, int output, double value) {
        values[column * base.length + output] += value;
    }

    void addBase(int output, double value) {
        base[output] += value;
    }
}
