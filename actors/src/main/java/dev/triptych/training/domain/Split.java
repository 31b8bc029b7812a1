package dev.triptych.training.domain;

import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.kernel.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which rows are held out for evaluation, in one part or in several. The rows of a group are held out together, and
 * where a row goes depends on the groups and the seed alone, not on the order of the rows.
 */
public final class Split {

    private static final int NEVER_HELD_OUT = -1;
    private static final double PER_UNIT = 0x1.0p-53;

    private final int parts;
    private final int[] heldOutIn;

    private Split(int parts, int[] heldOutIn) {
        this.parts = parts;
        this.heldOutIn = heldOutIn;
    }

    /** @throws UnusableDatasetException if nothing would be left to train on, or nothing to evaluate with */
    public static Split of(SplitDefinition definition, Dataset dataset, long seed) {
        return switch (definition) {
            case SplitDefinition.Hash(var testFraction, var group) -> byHash(groups(dataset), testFraction, seed);
            case SplitDefinition.Time(var testFraction) ->
                byTime(
                        dataset.rows().stream()
                                .mapToLong(DatasetRow::eventMicros)
                                .toArray(),
                        testFraction);
            case SplitDefinition.KFold(var folds, var group) -> kFold(groups(dataset), folds, seed);
        };
    }

    /**
     * Holds out every group whose seeded hash, as a fraction of its range, is below {@code testFraction}: about that
     * share of the groups, and the same groups again when others are added.
     */
    public static Split byHash(List<String> groups, double testFraction, long seed) {
        var split = new Split(
                1,
                groups.stream()
                        .mapToInt(group -> (hash(seed, group) >>> 11) * PER_UNIT < testFraction ? 0 : NEVER_HELD_OUT)
                        .toArray());
        split.requireBothSides("the " + groups.size() + " rows have too few groups for this seed");
        return split;
    }

    /** Holds out the latest rows: at least {@code testFraction} of them, and all that share the earliest time. */
    public static Split byTime(long[] eventMicros, double testFraction) {
        if (eventMicros.length == 0) {
            throw new UnusableDatasetException("split: no rows (expected: rows to train and to evaluate with)");
        }
        long[] sorted = eventMicros.clone();
        Arrays.sort(sorted);
        int heldOut = Math.clamp(Math.round(testFraction * sorted.length), 1, sorted.length);
        long from = sorted[sorted.length - heldOut];
        var split = new Split(
                1,
                Arrays.stream(eventMicros)
                        .mapToInt(micros -> micros >= from ? 0 : NEVER_HELD_OUT)
                        .toArray());
        split.requireBothSides("too many labels have the same event time");
        return split;
    }

    /**
     * Every row is held out in exactly one of the folds. The groups, in the order of their seeded hashes, each go to
     * the fold that has the fewest rows so far: two folds differ by at most the rows of the largest group.
     */
    public static Split kFold(List<String> groups, int folds, long seed) {
        var sizes = new HashMap<String, Integer>();
        groups.forEach(group -> sizes.merge(group, 1, Integer::sum));
        if (sizes.size() < folds) {
            throw new UnusableDatasetException(
                    "split: " + folds + " folds (expected: at most " + sizes.size() + ", the number of groups)");
        }
        Map<String, Integer> foldOf = foldOfGroup(sizes, folds, seed);
        return new Split(folds, groups.stream().mapToInt(foldOf::get).toArray());
    }

    /** How often a model is fitted and evaluated. */
    public int parts() {
        return parts;
    }

    /** Row numbers, ascending. */
    public int[] heldOut(int part) {
        return rowsWhere(row -> heldOutIn[row] == part);
    }

    /** Row numbers, ascending: those not held out in this part. */
    public int[] training(int part) {
        return rowsWhere(row -> heldOutIn[row] != part);
    }

    private int[] rowsWhere(IntPredicate wanted) {
        return IntStream.range(0, heldOutIn.length).filter(wanted).toArray();
    }

    private void requireBothSides(String why) {
        if (heldOut(0).length == 0 || training(0).length == 0) {
            throw new UnusableDatasetException("split: " + heldOut(0).length + " of " + heldOutIn.length
                    + " rows would be held out, as " + why + " (expected: rows to train and to evaluate with;"
                    + " another fraction, another seed, or k-fold)");
        }
    }

    private static Map<String, Integer> foldOfGroup(Map<String, Integer> sizes, int folds, long seed) {
        record Hashed(String group, int rows, long hash) {}
        var ordered = new ArrayList<Hashed>();
        sizes.forEach((group, rows) -> ordered.add(new Hashed(group, rows, hash(seed, group))));
        ordered.sort(Comparator.comparingLong(Hashed::hash).thenComparing(Hashed::group));

        var rowsIn = new int[folds];
        var foldOf = new HashMap<String, Integer>();
        for (Hashed next : ordered) {
            int smallest = 0;
            for (int fold = 1; fold < folds; fold++) {
                if (rowsIn[fold] < rowsIn[smallest]) {
                    smallest = fold;
                }
            }
            rowsIn[smallest] += next.rows();
            foldOf.put(next.group(), smallest);
        }
        return foldOf;
    }

    private static List<String> groups(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::group).toList();
    }

    /** The first eight bytes of SHA-256 over the seed and the group. */
    private static long hash(long seed, String group) {
        MessageDigest digest = Sha256.digest();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        return ByteBuffer.wrap(digest.digest(group.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
