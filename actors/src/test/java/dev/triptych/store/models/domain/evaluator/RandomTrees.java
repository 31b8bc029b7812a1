package dev.triptych.store.models.domain.evaluator;

import java.util.SplittableRandom;

/** Trees drawn from a seed: few columns and thresholds, so that rows often lie exactly on one. */
final class RandomTrees {

    private final SplittableRandom random;
    private final int columns;
    private final int width;

    RandomTrees(long seed, int columns, int width) {
        this.random = new SplittableRandom(seed);
        this.columns = columns;
        this.width = width;
    }

    FlatTrees trees(int count, int depth) {
        var flat = new FlatTrees(columns, width);
        for (int tree = 0; tree < count; tree++) {
            flat.tree(node(flat, depth)[0]);
        }
        return flat;
    }

    double[] row() {
        double[] row = new double[columns];
        for (int column = 0; column < columns; column++) {
            row[column] = switch (random.nextInt(8)) {
                case 0 -> Double.NaN;
                case 1 -> -0.0;
                case 2 -> Math.nextDown((double) random.nextInt(7) - 3);
                case 3 -> random.nextDouble(-4, 4);
                default -> random.nextInt(9) - 4;
            };
        }
        return row;
    }

    /** @return the node and its cover */
    private int[] node(FlatTrees flat, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            double[] numbers = new double[width];
            for (int number = 0; number < width; number++) {
                numbers[number] = (float) random.nextDouble(-1, 1);
            }
            int cover = 1 + random.nextInt(20);
            return new int[] {flat.leaf(numbers, cover), cover};
        }
        int[] left = node(flat, depth - 1);
        int[] right = node(flat, depth - 1);
        int cover = left[1] + right[1];
        int node = flat.split(
                random.nextInt(columns), random.nextInt(7) - 3, random.nextBoolean(), left[0], right[0], cover);
        return new int[] {node, cover};
    }
}
