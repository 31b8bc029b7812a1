package dev.triptych.store.models.domain.evaluator;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Binary decision trees as arrays, one entry a node. A row goes left where its column's number is less than the
 * threshold, right where it is not; a missing number goes where the node says.
 */
public final class FlatTrees {

    private static final int LEAF = -1;

    private final int columns;
    private final int width;
    private int nodes;
    private int trees;
    private int[] roots = new int[16];
    private int[] column = new int[256];
    private double[] threshold = new double[256];
    private boolean[] missingLeft = new boolean[256];
    private int[] left = new int[256];
    private int[] right = new int[256];
    private double[] cover = new double[256];
    private double[] values;

    /**
     * @param columns numbers a row
     * @param width numbers a leaf
     */
    public FlatTrees(int columns, int width) {
        this.columns = columns;
        this.width = width;
        this.values = new double[256 * width];
    }

    /**
     * Adds a leaf.
     *
     * @param cover how much of the training data came here, in any unit that is the same for the whole tree
     * @return the node's number
     */
    public int leaf(double[] numbers, double cover) {
        int node = node(LEAF, cover);
        System.arraycopy(numbers, 0, values, node * width, width);
        return node;
    }

    /** Adds a split between two nodes that were added before. */
    public int split(int onColumn, double below, boolean missingGoesLeft, int leftNode, int rightNode, double cover) {
        if (onColumn < 0 || onColumn >= columns || Double.isNaN(below)) {
            throw new IllegalArgumentException(
                    "split: column " + onColumn + " at " + below + " (expected: 1 of " + columns + " at a number)");
        }
        int node = node(onColumn, cover);
        // Minus zero is no less than zero.
        threshold[node] = below + 0.0;
        missingLeft[node] = missingGoesLeft;
        left[node] = leftNode;
        right[node] = rightNode;
        return node;
    }

    /** Ends a tree with its root. Trees are evaluated in the order they were ended. */
    public void tree(int root) {
        if (trees == roots.length) {
            roots = Arrays.copyOf(roots, trees * 2);
        }
        roots[trees++] = root;
    }

    public int trees() {
        return trees;
    }

    public int columns() {
        return columns;
    }

    /** Numbers a leaf. */
    public int width() {
        return width;
    }

    public int nodes() {
        return nodes;
    }

    public boolean isLeaf(int node) {
        return column[node] == LEAF;
    }

    public int column(int node) {
        return column[node];
    }

    public double threshold(int node) {
        return threshold[node];
    }

    /** Where a column is cut, over all trees: each threshold once, ascending. */
    public double[] thresholds(int ofColumn) {
        return IntStream.range(0, nodes)
                .filter(node -> column[node] == ofColumn)
                .mapToDouble(node -> threshold[node])
                .distinct()
                .sorted()
                .toArray();
    }

    int root(int tree) {
        return roots[tree];
    }

    int left(int node) {
        return left[node];
    }

    int right(int node) {
        return right[node];
    }

    boolean missingLeft(int node) {
        return missingLeft[node];
    }

    double cover(int node) {
        return cover[node];
    }

    double value(int leaf, int number) {
        return values[leaf * width + number];
    }

    /** Leaves of the tree below the node. */
    int leaves(int node) {
        return isLeaf(node) ? 1 : leaves(left[node]) + leaves(right[node]);
    }

    int depth(int node) {
        return isLeaf(node) ? 0 : 1 + Math.max(depth(left[node]), depth(right[node]));
    }

    boolean goesLeft(int node, double number) {
        return Double.isNaN(number) ? missingLeft[node] : number < threshold[node];
    }

    /** The leaf of a row. */
    int leafOf(int tree, double[] row) {
        int node = roots[tree];
        while (column[node] != LEAF) {
            node = goesLeft(node, row[column[node]]) ? left[node] : right[node];
        }
        return node;
    }

    private int node(int onColumn, double covered) {
        if (nodes == column.length) {
            grow(nodes * 2);
        }
        column[nodes] = onColumn;
        cover[nodes] = covered;
        return nodes++;
    }

    private void grow(int capacity) {
        column = Arrays.copyOf(column, capacity);
        threshold = Arrays.copyOf(threshold, capacity);
        missingLeft = Arrays.copyOf(missingLeft, capacity);
        left = Arrays.copyOf(left, capacity);
        right = Arrays.copyOf(right, capacity);
        cover = Arrays.copyOf(cover, capacity);
        values = Arrays.copyOf(values, capacity * width);
    }
}
