package dev.triptych.store.models.domain.evaluator;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the leaf of every tree at once, without descending any. A column's thresholds over all trees cut its numbers
 * into bins; for each bin and tree a word of 64 bits holds the leaves that numbers of this bin can still reach. The
 * words of a row's bins, and-ed over the columns, leave one bit a tree: its leaf.
 *
 * <p>After QuickScorer (Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of
 * regression trees", SIGIR 2015), with the and-ing over the nodes of a column done beforehand. A row reads one
 * consecutive run of words a column, so nothing is waited for; the price is memory, {@code bins × trees} words.
 */
final class LeafMasks {

    /** Where the tables are larger, or the columns many, descending is as good. */
    private static final int WORDS_MAX = 1 << 20;

    private static final int COLUMNS_MAX = 32;
    private static final int LEAVES_MAX = 64;
    private static final int COLUMNS_AT_ONCE = 4;

    private final int trees;
    /** The columns that are tested, and the same one again until their number can be divided by four. */
    private final int[] columns;
    /** Each column's thresholds, ascending, and NaN up to a power of two; one column after the other. */
    private final double[] thresholds;

    private final int[] firstThreshold;
    private final int[] searched;
    /** Each column's first word; a bin's words follow those of the bin before it, those of missing come first. */
    private final int[] firstWord;

    private final long[] words;
    /** By tree and bit: the leaf's node. */
    private final int[] nodes;

    private LeafMasks(FlatTrees flat, int[] tested, double[][] cuts) {
        this.trees = flat.trees();
        int padded = (tested.length + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE * COLUMNS_AT_ONCE;
        this.columns = new int[padded];
        this.firstThreshold = new int[padded];
        this.searched = new int[padded];
        this.firstWord = new int[padded];
        this.thresholds = padded(cuts);
        int word = 0;
        int threshold = 0;
        for (int test = 0; test < tested.length; test++) {
            columns[test] = tested[test];
            firstThreshold[test] = threshold;
            searched[test] = searched(cuts[test]);
            firstWord[test] = word;
            threshold += searched[test];
            word += (cuts[test].length + 2) * trees;
        }
        repeatLast(tested.length);
        this.words = new long[word];
        this.nodes = new int[trees * LEAVES_MAX];
        fill(flat, tested, cuts);
    }

    /** Empty where the trees are too large or too many for it. */
    static Optional<LeafMasks> of(FlatTrees flat) {
        int[] tested = testedColumns(flat);
        if (tested.length == 0 || tested.length > COLUMNS_MAX) {
            return Optional.empty();
        }
        for (int tree = 0; tree < flat.trees(); tree++) {
            if (flat.leaves(flat.root(tree)) > LEAVES_MAX) {
                return Optional.empty();
            }
        }
        double[][] cuts = new double[tested.length][];
        long bins = 0;
        for (int test = 0; test < tested.length; test++) {
            cuts[test] = cuts(flat, tested[test]);
            bins += cuts[test].length + 2;
        }
        return bins * flat.trees() > WORDS_MAX ? Optional.empty() : Optional.of(new LeafMasks(flat, tested, cuts));
    }

    int tests() {
        return columns.length;
    }

    /** @param leaves takes each tree's leaf, by its node */
    void find(double[] row, int[] leaves, Scratch scratch) {
        int[] offsets = scratch.offsets;
        for (int test = 0; test < offsets.length; test++) {
            offsets[test] = firstWord[test] + bin(test, row[columns[test]]) * trees;
        }
        long[] alive = scratch.alive;
        and(offsets[0], offsets[1], offsets[2], offsets[3], alive);
        for (int test = COLUMNS_AT_ONCE; test < offsets.length; test += COLUMNS_AT_ONCE) {
            andAlso(offsets[test], offsets[test + 1], offsets[test + 2], offsets[test + 3], alive);
        }
        for (int tree = 0; tree < trees; tree++) {
            leaves[tree] = nodes[tree * LEAVES_MAX + Long.numberOfTrailingZeros(alive[tree])];
        }
    }

    private void and(int first, int second, int third, int fourth, long[] alive) {
        long[] table = words;
        for (int tree = 0; tree < trees; tree++) {
            alive[tree] = table[first + tree] & table[second + tree] & table[third + tree] & table[fourth + tree];
        }
    }

    private void andAlso(int first, int second, int third, int fourth, long[] alive) {
        long[] table = words;
        for (int tree = 0; tree < trees; tree++) {
            alive[tree] &= table[first + tree] & table[second + tree] & table[third + tree] & table[fourth + tree];
        }
    }

    /** 0 for missing, then one more than the number of thresholds that are not above. */
    private int bin(int test, double number) {
        if (Double.isNaN(number)) {
            return 0;
        }
        int from = firstThreshold[test];
        int position = from;
        for (int step = searched[test] >> 1; step > 0; step >>= 1) {
            position = thresholds[position + step - 1] <= number ? position + step : position;
        }
        return position - from + 1 + (thresholds[position] <= number ? 1 : 0);
    }

    private void fill(FlatTrees flat, int[] tested, double[][] cuts) {
        Arrays.fill(words, -1L);
        for (int tree = 0; tree < trees; tree++) {
            fill(flat, tree, flat.root(tree), 0, tested, cuts);
        }
    }

    /** @return the number of leaves of the node, whose first has this bit */
    private int fill(FlatTrees flat, int tree, int node, int bit, int[] tested, double[][] cuts) {
        if (flat.isLeaf(node)) {
            nodes[tree * LEAVES_MAX + bit] = node;
            return 1;
        }
        int lefts = fill(flat, tree, flat.left(node), bit, tested, cuts);
        int rights = fill(flat, tree, flat.right(node), bit + lefts, tested, cuts);
        int test = Arrays.binarySearch(tested, flat.column(node));
        int rank = Arrays.binarySearch(cuts[test], flat.threshold(node));
        long ifLeft = ~bits(bit + lefts, rights);
        long ifRight = ~bits(bit, lefts);
        int word = firstWord[test] + tree;
        words[word] &= flat.missingLeft(node) ? ifLeft : ifRight;
        for (int bin = 0; bin <= cuts[test].length; bin++) {
            words[word + (bin + 1) * trees] &= bin <= rank ? ifLeft : ifRight;
        }
        return lefts + rights;
    }

    private static long bits(int first, int count) {
        return (count == Long.SIZE ? -1L : (1L << count) - 1) << first;
    }

    private void repeatLast(int tested) {
        for (int test = tested; test < columns.length; test++) {
            columns[test] = columns[tested - 1];
            firstThreshold[test] = firstThreshold[tested - 1];
            searched[test] = searched[tested - 1];
            firstWord[test] = firstWord[tested - 1];
        }
    }

    private static int[] testedColumns(FlatTrees flat) {
        return java.util.stream.IntStream.range(0, flat.nodes())
                .filter(node -> !flat.isLeaf(node))
                .map(flat::column)
                .distinct()
                .sorted()
                .toArray();
    }

    private static double[] cuts(FlatTrees flat, int column) {
        return java.util.stream.IntStream.range(0, flat.nodes())
                .filter(node -> flat.column(node) == column)
                .mapToDouble(flat::threshold)
                .distinct()
                .sorted()
                .toArray();
    }

    private static int searched(double[] cuts) {
        return Math.max(1, Integer.highestOneBit(cuts.length * 2 - 1));
    }

    private static double[] padded(double[][] cuts) {
        double[] all =
                new double[Arrays.stream(cuts).mapToInt(LeafMasks::searched).sum()];
        Arrays.fill(all, Double.NaN);
        int from = 0;
        for (double[] column : cuts) {
            System.arraycopy(column, 0, all, from, column.length);
            from += searched(column);
        }
        return all;
    }
}
