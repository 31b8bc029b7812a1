package dev.triptych.store.models.domain.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against Shapley's own definition, over all subsets of the columns. */
class TreeContributionsTest {

    private static final int COLUMNS = 5;
    private static final double NEAR = 1e-9;

    @Test
    void boostedTreesGiveShapleyValues() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new RandomTrees(seed, COLUMNS, 1);
            FlatTrees trees = random.trees(6, 5);
            int[] group = {0, 1, 0, 1, 0, 1};
            var evaluator = new TreeEvaluator(trees, new Combination.Boosted(new float[] {0.5f, -0.25f}, group, true));
            for (int output = 0; output < 2; output++) {
                int of = output;
                double[] weights = IntStream.range(0, 6)
                        .mapToDouble(tree -> group[tree] == of ? 1 : 0)
                        .toArray();
                assertShapley(evaluator, trees, weights, output == 0 ? 0.5 : -0.25, output, 0, floats(random.row()));
            }
        }
    }

    @Test
    void forestsGiveShapleyValues() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new RandomTrees(seed, COLUMNS, 2);
            FlatTrees trees = random.trees(3, 5);
            var evaluator = new TreeEvaluator(trees, new Combination.Mean(3));
            double[] third = {1 / 3.0, 1 / 3.0, 1 / 3.0};
            for (int output = 0; output < 2; output++) {
                assertShapley(evaluator, trees, third, 0, output, output, random.row());
            }
        }
    }

    @Test
    void runningMeansGiveShapleyValues() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new RandomTrees(seed, COLUMNS, 1);
            FlatTrees trees = random.trees(3, 5);
            var evaluator = new TreeEvaluator(trees, new Combination.RunningMean(new double[] {1, 2 / 3.0, 1 / 4.0}));

            assertShapley(evaluator, trees, new double[] {1 / 4.0, 1 / 2.0, 1 / 4.0}, 0, 0, 0, random.row());
        }
    }

    @Test
    void linearModelsGiveTheirTerms() {
        var evaluator = new LinearEvaluator(new double[][] {{2, -3, 5}}, false);
        Contributions contributions = evaluator.explain(new double[] {4, Double.NaN});

        assertThat(contributions.base(0)).isEqualTo(5);
        assertThat(contributions.of(0, 0)).isEqualTo(8);
        assertThat(contributions.of(1, 0)).isZero();
    }

    /** Boosted trees see no more of a number than a float holds. */
    private static double[] floats(double[] row) {
        return Arrays.stream(row).map(number -> (float) number).toArray();
    }

    private static void assertShapley(
            TreeEvaluator evaluator,
            FlatTrees trees,
            double[] weights,
            double base,
            int output,
            int number,
            double[] row) {
        Contributions contributions = evaluator.explain(row);
        double sum = contributions.base(output);
        for (int column = 0; column < COLUMNS; column++) {
            sum += contributions.of(column, output);
            assertThat(contributions.of(column, output))
                    .as("column %s of %s", column, Arrays.toString(row))
                    .isCloseTo(shapley(trees, weights, number, row, column), within(NEAR));
        }
        assertThat(sum).isCloseTo(base + expected(trees, weights, number, row, (1 << COLUMNS) - 1), within(NEAR));
    }

    private static double shapley(FlatTrees trees, double[] weights, int number, double[] row, int column) {
        double value = 0;
        for (int known = 0; known < 1 << COLUMNS; known++) {
            if ((known >> column & 1) == 0) {
                int size = Integer.bitCount(known);
                double share = factorial(size) * factorial(COLUMNS - size - 1) / factorial(COLUMNS);
                value += share
                        * (expected(trees, weights, number, row, known | 1 << column)
                                - expected(trees, weights, number, row, known));
            }
        }
        return value;
    }

    /** What the trees give when only these columns are known. */
    private static double expected(FlatTrees trees, double[] weights, int number, double[] row, int known) {
        return IntStream.range(0, trees.trees())
                .mapToDouble(tree -> weights[tree] * expectedAt(trees, trees.root(tree), number, row, known))
                .sum();
    }

    private static double expectedAt(FlatTrees trees, int node, int number, double[] row, int known) {
        if (trees.isLeaf(node)) {
            return trees.value(node, number);
        }
        int left = trees.left(node);
        int right = trees.right(node);
        if ((known >> trees.column(node) & 1) == 1) {
            return expectedAt(trees, trees.goesLeft(node, row[trees.column(node)]) ? left : right, number, row, known);
        }
        return (trees.cover(left) * expectedAt(trees, left, number, row, known)
                        + trees.cover(right) * expectedAt(trees, right, number, row, known))
                / trees.cover(node);
    }

    private static double factorial(int number) {
        return number < 2 ? 1 : number * factorial(number - 1);
    }
}
