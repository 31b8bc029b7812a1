package dev.triptych.store.models.domain.evaluator;

import java.util.Optional;
import java.util.stream.IntStream;

/** Evaluates an ensemble of trees, or a lone one. */
public final class TreeEvaluator implements Evaluator {

    private final FlatTrees trees;
    private final Combination combination;
    private final Optional<LeafMasks> masks;
    private final int outputs;
    /** By a leaf's place, which is its node or what the masks say: the numbers of boosted trees. */
    private final float[] margins;
    /** The same of others, by place and output. */
    private final double[] values;

    public TreeEvaluator(FlatTrees trees, Combination combination) {
        this.trees = trees;
        this.combination = combination;
        boolean boosted = combination instanceof Combination.Boosted;
        this.masks = LeafMasks.of(trees, boosted);
        int[] nodes = masks.map(LeafMasks::nodes)
                .orElseGet(() -> IntStream.range(0, trees.nodes()).toArray());
        this.outputs = combination instanceof Combination.Boosted(var base, var group, var softmax)
                ? base.length
                : trees.width();
        this.margins = new float[boosted ? nodes.length : 0];
        this.values = new double[boosted ? 0 : nodes.length * outputs];
        for (int place = 0; place < nodes.length; place++) {
            if (boosted) {
                margins[place] = (float) trees.value(nodes[place], 0);
            } else {
                for (int output = 0; output < outputs; output++) {
                    values[place * outputs + output] = trees.value(nodes[place], output);
                }
            }
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
        int together = 0;
        if (combination instanceof Combination.Boosted(var base, var group, var softmax)
                && masks.isPresent()
                && outputs == 1
                && !softmax) {
            together = count - count % Scratch.ROWS;
            sumTogether(rows, together, base[0], masks.get(), scores, scratch);
        }
        for (int row = together; row < count; row++) {
            int from = row * columns();
            switch (combination) {
                case Combination.Boosted boosted -> boost(boosted, rows, from, scores, row * outputs, scratch);
                case Combination.Mean mean -> {
                    findLeaves(rows, from, scratch);
                    average(mean, scratch.leaves, scores, row * outputs);
                }
                case Combination.RunningMean mean -> {
                    findLeaves(rows, from, scratch);
                    average(mean, scratch.leaves, scores, row * outputs);
                }
            }
        }
    }

    private void sumTogether(
            double[] rows, int count, float base, LeafMasks leafMasks, double[] scores, Scratch scratch) {
        for (int row = 0; row < count; row += Scratch.ROWS) {
            for (int lane = 0; lane < Scratch.ROWS; lane++) {
                leafMasks.find(rows, (row + lane) * columns(), lane, scratch);
            }
            leafMasks.sums(base, margins, scratch, scores, row);
        }
    }

    @Override
    public Contributions explain(double[] row) {
        double[] read = new double[columns()];
        read(row, 0, read);
        return new TreeContributions(trees, combination, outputs).of(read);
    }

    @Override
    public long stepsToExplain() {
        return new TreeContributions(trees, combination, outputs).steps();
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

    private void findLeaves(double[] rows, int from, Scratch scratch) {
        if (masks.isPresent()) {
            masks.get().find(rows, from, 0, scratch);
            masks.get().places(scratch);
        } else {
            read(rows, from, scratch.row);
            for (int tree = 0; tree < scratch.leaves.length; tree++) {
                scratch.leaves[tree] = trees.leafOf(tree, scratch.row);
            }
        }
    }

    private void boost(Combination.Boosted boosted, double[] rows, int from, double[] scores, int at, Scratch scratch) {
        float[] sums = scratch.margins;
        System.arraycopy(boosted.base(), 0, sums, 0, outputs);
        if (outputs == 1 && masks.isPresent()) {
            masks.get().find(rows, from, 0, scratch);
            sums[0] = masks.get().sum(sums[0], margins, scratch);
        } else {
            findLeaves(rows, from, scratch);
            int[] group = boosted.group();
            for (int tree = 0; tree < group.length; tree++) {
                sums[group[tree]] += margins[scratch.leaves[tree]];
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
                sum += values[leaf * outputs + output];
            }
            scores[at + output] = sum / mean.total();
        }
    }

    private void average(Combination.RunningMean running, int[] leaves, double[] scores, int at) {
        for (int output = 0; output < outputs; output++) {
            double mean = 0;
            for (int tree = 0; tree < leaves.length; tree++) {
                mean += running.shares()[tree] * (values[leaves[tree] * outputs + output] - mean);
            }
            scores[at + output] = mean;
        }
    }
}
