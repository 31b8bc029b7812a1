package dev.triptych.store.models.domain.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeafMasksTest {

    @Test
    void findsTheLeavesThatDescendingFinds() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new RandomTrees(seed, 1 + seed % 20, 1);
            FlatTrees trees = random.trees(1 + seed % 20, 6);
            LeafMasks.of(trees, false).ifPresent(masks -> {
                var scratch = new Scratch(trees.columns(), masks.tests(), trees.trees(), 1);
                for (int round = 0; round < 50; round++) {
                    double[] row = random.row();
                    masks.find(row, 0, 0, scratch);
                    masks.places(scratch);
                    for (int tree = 0; tree < trees.trees(); tree++) {
                        assertThat(masks.nodes()[scratch.leaves[tree]]).isEqualTo(trees.leafOf(tree, row));
                    }
                }
            });
        }
    }

    @Test
    void scoresABatchAsItsRows() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new RandomTrees(seed, 14, 1);
            var evaluator = new TreeEvaluator(
                    random.trees(30, 6), new Combination.Boosted(new float[] {0.3f}, new int[30], false));
            double[] rows = new double[11 * 14];
            double[] alone = new double[11];
            for (int row = 0; row < 11; row++) {
                double[] one = random.row();
                System.arraycopy(one, 0, rows, row * 14, 14);
                double[] score = new double[1];
                evaluator.evaluate(one, 1, score, evaluator.scratch());
                alone[row] = score[0];
            }
            double[] together = new double[11];
            evaluator.evaluate(rows, 11, together, evaluator.scratch());

            assertThat(together).isEqualTo(alone);
        }
    }

    @Test
    void takesTreesOfSixtyFourLeavesAndNoMore() {
        assertThat(LeafMasks.of(full(6), true)).isPresent();
        assertThat(LeafMasks.of(full(7), true)).isEmpty();
    }

    private static FlatTrees full(int depth) {
        var trees = new FlatTrees(1, 1);
        trees.tree(full(trees, depth, 0, 1 << depth));
        return trees;
    }

    private static int full(FlatTrees trees, int depth, double from, double to) {
        if (depth == 0) {
            return trees.leaf(new double[] {from}, 1);
        }
        double middle = (from + to) / 2;
        int left = full(trees, depth - 1, from, middle);
        return trees.split(0, middle, true, left, full(trees, depth - 1, middle, to), 1 << depth);
    }
}
