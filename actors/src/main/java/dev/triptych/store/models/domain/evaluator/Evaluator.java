package dev.triptych.store.models.domain.evaluator;

/**
 * Scores rows of numbers. Thread-safe as long as each thread has a scratch of its own; evaluation allocates nothing.
 *
 * <p>A row is one number a column; NaN is missing. Rows and scores of a batch lie one after the other in one array.
 */
public sealed interface Evaluator permits TreeEvaluator, LinearEvaluator {

    /** Numbers a row. */
    int columns();

    /** Scores a row. */
    int outputs();

    /** Room to work in, for one thread. */
    Scratch scratch();

    /**
     * @param rows at least {@code count × columns} numbers
     * @param scores takes {@code count × outputs} numbers
     */
    void evaluate(double[] rows, int count, double[] scores, Scratch scratch);

    /** How the scores before the link function (log-odds for a classifier) come about, column by column. */
    Contributions explain(double[] row);

    /** Roughly how many steps {@link #explain} takes. */
    long stepsToExplain();
}
