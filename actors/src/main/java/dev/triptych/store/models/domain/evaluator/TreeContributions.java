package dev.triptych.store.models.domain.evaluator;

/**
 * Exact Shapley values of a row's columns, tree by tree, in time that grows with leaves × depth². A column that is not
 * known sends the row both ways, in the proportion of the nodes' covers.
 *
 * <p>Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, algorithm 2.
 */
final class TreeContributions {

    private final FlatTrees trees;
    private final Combination combination;
    private final int outputs;

    TreeContributions(FlatTrees trees, Combination combination, int outputs) {
        this.trees = trees;
        this.combination = combination;
        this.outputs = outputs;
    }

    Contributions of(double[] row) {
        double[] base = new double[outputs];
        if (combination instanceof Combination.Boosted boosted) {
            for (int output = 0; output < outputs; output++) {
                base[output] = boosted.base()[output];
            }
        }
        var contributions = new Contributions(base, trees.columns());
        double[] weights = weights();
        for (int tree = 0; tree < trees.trees(); tree++) {
            var target = new Target(contributions, weights[tree], tree);
            for (int number = 0; number < trees.width(); number++) {
                contributions.addBase(target.output(number), weights[tree] * mean(trees.root(tree), number));
            }
            descend(trees.root(tree), row, new Path(), 1, 1, -1, target);
        }
        return contributions;
    }

    /** How many steps {@link #of} takes: leaves × (different columns on the way down)², about. */
    long steps() {
        long steps = 0;
        for (int tree = 0; tree < trees.trees(); tree++) {
            steps += steps(trees.root(tree), 1);
        }
        return steps;
    }

    private long steps(int node, int depth) {
        if (trees.isLeaf(node)) {
            long length = Math.min(depth, trees.columns() + 1L);
            return length * (length + trees.width());
        }
        return steps(trees.left(node), depth + 1) + steps(trees.right(node), depth + 1);
    }

    /** By tree: what its numbers are multiplied by in the end. */
    private double[] weights() {
        double[] weights = new double[trees.trees()];
        for (int tree = 0; tree < weights.length; tree++) {
            weights[tree] = switch (combination) {
                case Combination.Boosted boosted -> 1;
                case Combination.Mean mean -> 1 / mean.total();
                case Combination.RunningMean running -> {
                    double weight = running.shares()[tree];
                    for (int later = tree + 1; later < weights.length; later++) {
                        weight *= 1 - running.shares()[later];
                    }
                    yield weight;
                }
            };
        }
        return weights;
    }

    private double mean(int node, int number) {
        if (trees.isLeaf(node)) {
            return trees.value(node, number);
        }
        double leftShare = trees.cover(trees.left(node)) / trees.cover(node);
        double rightShare = trees.cover(trees.right(node)) / trees.cover(node);
        return leftShare * mean(trees.left(node), number) + rightShare * mean(trees.right(node), number);
    }

    /** Where a tree's values go. */
    private final class Target {
        private final Contributions contributions;
        private final double weight;
        private final int tree;

        Target(Contributions contributions, double weight, int tree) {
            this.contributions = contributions;
            this.weight = weight;
            this.tree = tree;
        }

        int output(int number) {
            return combination instanceof Combination.Boosted boosted ? boosted.group()[tree] : number;
        }

        void add(int column, double share, int leaf) {
            for (int number = 0; number < trees.width(); number++) {
                contributions.add(column, output(number), weight * share * trees.value(leaf, number));
            }
        }
    }

    /**
     * @param unknown share of the training data that takes this step while the column is not known
     * @param known 1 if the row takes it, 0 if not
     */
    private void descend(int node, double[] row, Path path, double unknown, double known, int column, Target target) {
        Path here = path.extended(unknown, known, column);
        if (trees.isLeaf(node)) {
            for (int step = 1; step < here.length; step++) {
                double share = here.unwoundSum(step) * (here.known[step] - here.unknown[step]);
                target.add(here.column[step], share, node);
            }
            return;
        }
        int tested = trees.column(node);
        int earlier = here.find(tested);
        double unknownBefore = 1;
        double knownBefore = 1;
        if (earlier >= 0) {
            unknownBefore = here.unknown[earlier];
            knownBefore = here.known[earlier];
            here = here.unwound(earlier);
        }
        boolean left = trees.goesLeft(node, row[tested]);
        int hot = left ? trees.left(node) : trees.right(node);
        int cold = left ? trees.right(node) : trees.left(node);
        double cover = trees.cover(node);
        descend(hot, row, here, unknownBefore * trees.cover(hot) / cover, knownBefore, tested, target);
        descend(cold, row, here, unknownBefore * trees.cover(cold) / cover, 0, tested, target);
    }

    /** The different columns met on the way down, and by size the weight of the subsets of them that go this way. */
    private static final class Path {
        private final int length;
        private final int[] column;
        private final double[] unknown;
        private final double[] known;
        private final double[] weight;

        Path() {
            this(0);
        }

        private Path(int length) {
            this.length = length;
            this.column = new int[length];
            this.unknown = new double[length];
            this.known = new double[length];
            this.weight = new double[length];
        }

        int find(int wanted) {
            for (int step = 1; step < length; step++) {
                if (column[step] == wanted) {
                    return step;
                }
            }
            return -1;
        }

        Path extended(double newUnknown, double newKnown, int newColumn) {
            var longer = new Path(length + 1);
            copyTo(longer, length);
            longer.column[length] = newColumn;
            longer.unknown[length] = newUnknown;
            longer.known[length] = newKnown;
            longer.weight[length] = length == 0 ? 1 : 0;
            for (int step = length - 1; step >= 0; step--) {
                longer.weight[step + 1] += newKnown * longer.weight[step] * (step + 1) / (length + 1);
                longer.weight[step] = newUnknown * longer.weight[step] * (length - step) / (length + 1);
            }
            return longer;
        }

        /** As if the step had never been taken. */
        Path unwound(int undone) {
            double[] weights = unwoundWeights(undone);
            var shorter = new Path(length - 1);
            copyTo(shorter, length - 1);
            for (int step = undone; step < length - 1; step++) {
                shorter.column[step] = column[step + 1];
                shorter.unknown[step] = unknown[step + 1];
                shorter.known[step] = known[step + 1];
            }
            System.arraycopy(weights, 0, shorter.weight, 0, length - 1);
            return shorter;
        }

        double unwoundSum(int undone) {
            double sum = 0;
            for (double each : unwoundWeights(undone)) {
                sum += each;
            }
            return sum;
        }

        private double[] unwoundWeights(int undone) {
            double[] weights = new double[length - 1];
            double next = weight[length - 1];
            for (int step = length - 2; step >= 0; step--) {
                if (known[undone] != 0) {
                    weights[step] = next * length / ((step + 1) * known[undone]);
                    next = weight[step] - weights[step] * unknown[undone] * (length - 1 - step) / length;
                } else {
                    weights[step] = weight[step] * length / (unknown[undone] * (length - 1 - step));
                }
            }
            return weights;
        }

        private void copyTo(Path other, int count) {
            System.arraycopy(column, 0, other.column, 0, count);
            System.arraycopy(unknown, 0, other.unknown, 0, count);
            System.arraycopy(known, 0, other.known, 0, count);
            System.arraycopy(weight, 0, other.weight, 0, count);
        }
    }
}
