package dev.triptych.store.features.domain;

/**
 * How much of a view's past a state keeps in memory. Rows of the future are always kept. An aggregate over
 * {@code (asOf - w, asOf]} reads the same rows, so a view with windows keeps what is younger than its longest window as
 * well.
 *
 * @param rowsPerView newest rows kept of each view; older ones are in the journal
 */
public record Retention(int rowsPerView) {

    /** Everything: for past reads, datasets and replay. */
    public static final Retention ALL = new Retention(Integer.MAX_VALUE);

    public Retention {
        if (rowsPerView < 1) {
            throw new IllegalArgumentException("rowsPerView: " + rowsPerView + " (expected: > 0)");
        }
    }

    public static Retention newest(int rowsPerView) {
        return new Retention(rowsPerView);
    }

    public static Retention all() {
        return ALL;
    }
}
