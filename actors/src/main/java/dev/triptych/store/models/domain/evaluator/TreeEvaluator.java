package dev.triptych.store.models.domain.evaluator;

import java.util.Optional;

/** Evaluates an ensemble of trees, or a lone one. */
public final class TreeEvaluator implements Evaluator {

    private final FlatTrees trees;
    private final Combination combination;
    private final Optional<LeafMasks> masks;
    private final int outputs;
    /** By leaf, for boosted trees: its one number. */
    private final float[] margins;

    public TreeEvaluator(FlatTrees trees, Combination combination) {
        this.trees = trees;
        this.combination = combination;
        this.masks = LeafMasks.of(trees);
        this.outputs = combination instanceof Combination.Boosted boosted ? boosted.base().length : trees.width();
        this.margins = new float[combination instanceof Combination.Boosted ? trees.nodes() : 0];
        for (int node = 0; node < margins.length; node++) {
            margins[node] = (float) trees.value(node, 0);
        }
    }

    public FlatTrees trees() {
        return trees;
    }

    @Override
    public int columns() {
        return trees.columns();
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Scratch scratch() {
        return new Scratch(columns(), masks.map(LeafMasks::tests).orElse(0), trees.trees(), outputs);
    }

    @Override
    public void evaluate(double[] rows, int count, double[] scores, Scratch scratch) {
        for (int row = 0; row < count; row++) {
            read(rows, row * columns(), scratch.row);
            findLeaves(scratch);
            switch (combination) {
                case Combination.Boosted boosted -> boost(boosted, scratch, scores, row * outputs);
                case Combination.Mean mean -> average(mean, scratch.leaves, scores, row * outputs);
                case Combination.RunningMean mean -> average(mean, scratch.leaves, scores, row * outputs);
            }
        }
    }

    @Override
    public Contributions explain(double[] row) {
        double[] read = new double[columns()];
        read(row, 0, read);
        return new TreeContributions(trees, combination, outputs).of(read);
    }

    private void read(double[] rows, int from, double[] row) {
        if (combination instanceof Combination.Boosted) {
            for (int column = 0; column < row.length; column++) {
                row[column] = (float) rows[from + column];
            }
        } else {
            System.arraycopy(rows, from, row, 0, row.length);
        }
    }

    private void findLeaves(Scratch scratch) {
        if (masks.isPresent()) {
            masks.get().find(scratch.row, scratch.leaves, scratch);
        } else {
            for (int tree = 0; tree < scratch.leaves.length; tree++) {
                scratch.leaves[tree] = trees.leafOf(tree, scratch.row);
            }
        }
    }

    private void boost(Combination.Boosted boosted, Scratch scratch, double[] scores, int at) {
        int[] leaves = scratch.leaves;
        float[] sums = scratch.margins;
        System.arraycopy(boosted.base(), 0, sums, 0, outputs);
        if (outputs == 1) {
            float sum = sums[0];
            for (int leaf : leaves) {
                sum += margins[leaf];
            }
            sums[0] = sum;
        } else {
            int[] group = boosted.group();
            for (int tree = 0; tree < leaves.length; tree++) {
                sums[group[tree]] += margins[leaves[tree]];
            }
        }
        if (boosted.softmax()) {
            softmax(sums);
        }
        for (int output = 0; output < outputs; output++) {
            scores[at + output] = sums[output];
        }
    }

    /** As XGBoost's: the sum in a double, the division in floats. */
    private static void softmax(float[] sums) {
        float largest = sums[0];
        for (float sum : sums) {
            largest = Math.max(largest, sum);
        }
        double total = 0;
        for (int output = 0; output < sums.length; output++) {
            sums[output] = Exp32.exp(sums[output] - largest);
            total += sums[output];
        }
        for (int output = 0; output < sums.length; output++) {
            sums[output] /= (float) total;
        }
    }

    private void average(Combination.Mean mean, int[] leaves, double[] scores, int at) {
        for (int output = 0; output < outputs; output++) {
            double sum = 0;
            for (int leaf : leaves) {
                sum += trees.value(leaf, output);
            }
            scores[at + output] = sum / mean.total();
        }
    }

    private void average(Combination.RunningMean running, int[] leaves, double[] scores, int at) {
        for (int output = 0; output < outputs; output++) {
            double mean = 0;
            for (int tree = 0; tree < leaves.length; tree++) {
                mean += running.shares()[tree] * (trees.value(leaves[tree], output) - mean);
            }
            scores[at + output] = mean;
        }
    }
}
