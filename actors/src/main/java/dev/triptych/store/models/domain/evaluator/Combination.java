package dev.triptych.store.models.domain.evaluator;

/** How the leaves of all trees come to the scores, in the very order and width of the library's own additions. */
public sealed interface Combination {

    /**
     * XGBoost: floats summed tree by tree. Rows are rounded to floats.
     *
     * @param base the sums begin with, by output
     * @param group by tree: the output it adds to
     * @param softmax whether the sums are made probabilities
     */
    record Boosted(float[] base, int[] group, boolean softmax) implements Combination {}

    /**
     * The sum of the leaves' numbers, by which the weights are multiplied already, over a total.
     *
     * @param total of the weights
     */
    record Mean(double total) implements Combination {}

    /**
     * Tribuo's averaging combiner: a mean that each tree moves by its share.
     *
     * @param shares by tree: its weight over the weights so far
     */
    record RunningMean(double[] shares) implements Combination {}
}
