package dev.triptych.store.models.domain.evaluator;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the leaf of every tree at once, without descending any. A column's thresholds over all trees cut its numbers
 * into bins; for each bin and tree a word of 64 bits holds the leaves that numbers of this bin can still reach. The
 * words of a row's bins, and-ed over the columns, leave one bit a tree: its leaf.
 *
 * <p>After QuickScorer (Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of
 * regression trees", SIGIR 2015), with the and-ing over the nodes of a column done beforehand. A row reads one
 * consecutive run of words a column, which the JVM ands with vector instructions; the price is memory, {@code bins ×
 * trees} words.
 */
final class LeafMasks {

    /** Leaves a tree at most, and places of {@link #nodes} a tree. */
    static final int LEAVES_MAX = 64;

    /** Where the tables are larger, or the columns many, descending is as good. */
    private static final int WORDS_MAX = 1 << 20;

    private static final int COLUMNS_MAX = 32;
    /** Columns are searched, and their words and-ed, by as many at once, as processors overlap what is independent. */
    private static final int TOGETHER = 4;

    private final int trees;
    /** Whether rows are rounded to floats. */
    private final boolean floats;
    /** The columns that are tested, and the last one again until their number can be divided by four. */
    private final int[] columns;
    /** Thresholds of a column, a power of two. */
    private final int searched;
    /** Each column's thresholds as {@link #key}s, ascending, then the largest of longs. */
    private final long[] thresholds;
    /** By column and bin, by tree: the leaves that can be reached. The first bin is that of missing numbers. */
    private final long[][] words;
    /** By tree and bit: the leaf's node. */
    private final int[] nodes;

    private LeafMasks(FlatTrees flat, boolean floats, int[] tested, double[][] cuts) {
        this.floats = floats;
        this.trees = flat.trees();
        int most = Arrays.stream(cuts).mapToInt(cut -> cut.length).max().orElse(0);
        this.searched = Integer.highestOneBit(most) * 2;
        this.columns = new int[(tested.length + TOGETHER - 1) / TOGETHER * TOGETHER];
        this.thresholds = new long[columns.length * searched];
        this.words = new long[columns.length * (searched + 1)][];
        this.nodes = new int[trees * LEAVES_MAX];
        Arrays.fill(thresholds, Long.MAX_VALUE);
        for (int test = 0; test < columns.length; test++) {
            int same = Math.min(test, tested.length - 1);
            columns[test] = tested[same];
            for (int cut = 0; cut < cuts[same].length; cut++) {
                thresholds[test * searched + cut] = key(cuts[same][cut]);
            }
            for (int bin = 0; bin <= cuts[same].length + 1; bin++) {
                words[word(test, bin)] = test == same ? allLeaves() : words[word(same, bin)];
            }
        }
        for (int tree = 0; tree < trees; tree++) {
            fill(flat, tree, flat.root(tree), 0, tested, cuts);
        }
    }

    /**
     * Empty where the trees are too large or too many for it.
     *
     * @param floats whether rows are rounded to floats
     */
    static Optional<LeafMasks> of(FlatTrees flat, boolean floats) {
        int[] tested = testedColumns(flat);
        if (tested.length == 0 || tested.length > COLUMNS_MAX) {
            return Optional.empty();
        }
        for (int tree = 0; tree < flat.trees(); tree++) {
            if (flat.leaves(flat.root(tree)) > LEAVES_MAX) {
                return Optional.empty();
            }
        }
        double[][] cuts = Arrays.stream(tested).mapToObj(flat::thresholds).toArray(double[][]::new);
        long bins = Arrays.stream(cuts).mapToLong(cut -> cut.length + 2).sum();
        return bins * flat.trees() > WORDS_MAX
                ? Optional.empty()
                : Optional.of(new LeafMasks(flat, floats, tested, cuts));
    }

    int tests() {
        return columns.length;
    }

    /** By place, which is a tree's number × 64 + a bit: the leaf's node. */
    int[] nodes() {
        return nodes;
    }

    /**
     * Leaves one bit a tree in the scratch's words of this lane.
     *
     * @param from where the row begins
     */
    void find(double[] rows, int from, int lane, Scratch scratch) {
        int[] found = scratch.words;
        for (int test = 0; test < found.length; test += TOGETHER) {
            search(test, rows, from, found);
        }
        long[] alive = scratch.alive[lane];
        int test = found.length >= 3 * TOGETHER ? 3 * TOGETHER : TOGETHER;
        if (test == TOGETHER) {
            and(words[found[0]], words[found[1]], words[found[2]], words[found[3]], alive);
        } else {
            andTwelve(found, alive);
        }
        for (; test < found.length; test += TOGETHER) {
            andAlso(words[found[test]], words[found[test + 1]], words[found[test + 2]], words[found[test + 3]], alive);
        }
    }

    /** The place of each tree's leaf, of the first lane. */
    void places(Scratch scratch) {
        long[] alive = scratch.alive[0];
        for (int tree = 0; tree < trees; tree++) {
            scratch.leaves[tree] = place(tree, alive);
        }
    }

    /** The base and the numbers of the first lane's leaves, tree by tree. */
    float sum(float base, float[] byPlace, Scratch scratch) {
        long[] alive = scratch.alive[0];
        float sum = base;
        for (int tree = 0; tree < alive.length; tree++) {
            sum += byPlace[place(tree, alive)];
        }
        return sum;
    }

    /** The sums of all lanes side by side: each addition waits for the one before it, but not for other rows'. */
    void sums(float base, float[] byPlace, Scratch scratch, double[] scores, int at) {
        long[] first = scratch.alive[0];
        long[] second = scratch.alive[1];
        long[] third = scratch.alive[2];
        long[] fourth = scratch.alive[3];
        float firstSum = base;
        float secondSum = base;
        float thirdSum = base;
        float fourthSum = base;
        for (int tree = 0; tree < first.length; tree++) {
            firstSum += byPlace[place(tree, first)];
            secondSum += byPlace[place(tree, second)];
            thirdSum += byPlace[place(tree, third)];
            fourthSum += byPlace[place(tree, fourth)];
        }
        scores[at] = firstSum;
        scores[at + 1] = secondSum;
        scores[at + 2] = thirdSum;
        scores[at + 3] = fourthSum;
    }

    private static int place(int tree, long[] alive) {
        return tree * LEAVES_MAX + Long.numberOfTrailingZeros(alive[tree]);
    }

    private static void and(long[] first, long[] second, long[] third, long[] fourth, long[] alive) {
        for (int tree = 0; tree < alive.length; tree++) {
            alive[tree] = first[tree] & second[tree] & third[tree] & fourth[tree];
        }
    }

    /** The first twelve columns in one loop, as each loop has a beginning and an end beside its vectors. */
    private void andTwelve(int[] found, long[] alive) {
        long[] a = words[found[0]];
        long[] b = words[found[1]];
        long[] c = words[found[2]];
        long[] d = words[found[3]];
        long[] e = words[found[4]];
        long[] f = words[found[5]];
        long[] g = words[found[6]];
        long[] h = words[found[7]];
        long[] i = words[found[8]];
        long[] j = words[found[9]];
        long[] k = words[found[10]];
        long[] l = words[found[11]];
        for (int tree = 0; tree < alive.length; tree++) {
            long left = a[tree] & b[tree] & c[tree] & d[tree] & e[tree] & f[tree];
            alive[tree] = left & g[tree] & h[tree] & i[tree] & j[tree] & k[tree] & l[tree];
        }
    }

    private static void andAlso(long[] first, long[] second, long[] third, long[] fourth, long[] alive) {
        for (int tree = 0; tree < alive.length; tree++) {
            alive[tree] = alive[tree] & first[tree] & second[tree] & third[tree] & fourth[tree];
        }
    }

    /** Counts the thresholds that are not above the numbers of four columns, by four searches in step. */
    private void search(int test, double[] rows, int from, int[] found) {
        double first = rounded(rows[from + columns[test]]);
        double second = rounded(rows[from + columns[test + 1]]);
        double third = rounded(rows[from + columns[test + 2]]);
        double fourth = rounded(rows[from + columns[test + 3]]);
        long firstKey = key(first);
        long secondKey = key(second);
        long thirdKey = key(third);
        long fourthKey = key(fourth);
        int at = test * searched;
        int firstAt = at;
        int secondAt = at + searched;
        int thirdAt = at + 2 * searched;
        int fourthAt = at + 3 * searched;
        for (int step = searched >> 1; step > 0; step >>= 1) {
            firstAt += thresholds[firstAt + step - 1] <= firstKey ? step : 0;
            secondAt += thresholds[secondAt + step - 1] <= secondKey ? step : 0;
            thirdAt += thresholds[thirdAt + step - 1] <= thirdKey ? step : 0;
            fourthAt += thresholds[fourthAt + step - 1] <= fourthKey ? step : 0;
        }
        found[test] = word(test, Double.isNaN(first) ? 0 : firstAt - at + 1);
        found[test + 1] = word(test + 1, Double.isNaN(second) ? 0 : secondAt - at - searched + 1);
        found[test + 2] = word(test + 2, Double.isNaN(third) ? 0 : thirdAt - at - 2 * searched + 1);
        found[test + 3] = word(test + 3, Double.isNaN(fourth) ? 0 : fourthAt - at - 3 * searched + 1);
    }

    private double rounded(double number) {
        return floats ? (float) number : number;
    }

    /** Whole numbers in the order of the doubles; both zeros are one. */
    private static long key(double number) {
        long bits = Double.doubleToRawLongBits(number + 0.0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    private int word(int test, int bin) {
        return test * (searched + 1) + bin;
    }

    private long[] allLeaves() {
        long[] all = new long[trees];
        Arrays.fill(all, -1L);
        return all;
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
        words[word(test, 0)][tree] &= flat.missingLeft(node) ? ifLeft : ifRight;
        for (int bin = 0; bin <= cuts[test].length; bin++) {
            words[word(test, bin + 1)][tree] &= bin <= rank ? ifLeft : ifRight;
        }
        return lefts + rights;
    }

    private static long bits(int first, int count) {
        return (1L << count) - 1 << first;
    }

    private static int[] testedColumns(FlatTrees flat) {
        return IntStream.range(0, flat.nodes())
                .filter(node -> !flat.isLeaf(node))
                .map(flat::column)
                .distinct()
                .sorted()
                .toArray();
    }
}
