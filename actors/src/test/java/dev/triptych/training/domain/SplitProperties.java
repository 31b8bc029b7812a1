package dev.triptych.training.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SplitProperties {

    @Property(tries = 200)
    void foldsHoldOutEveryRowExactlyOnceAndNeverWhatTheyTrainOn(
            @ForAll("groups") List<String> groups, @ForAll @IntRange(min = 2, max = 6) int folds, @ForAll long seed) {
        Assume.that(new HashSet<>(groups).size() >= folds);
        Split split = Split.kFold(groups, folds, seed);

        var heldOut = new int[groups.size()];
        for (int part = 0; part < split.parts(); part++) {
            Arrays.stream(split.heldOut(part)).forEach(row -> heldOut[row]++);
            assertThat(together(split, part)).containsExactly(allRows(groups));
        }

        assertThat(split.parts()).isEqualTo(folds);
        assertThat(heldOut).containsOnly(1);
    }

    @Property(tries = 200)
    void groupsNeverStraddleASplit(
            @ForAll("groups") List<String> groups, @ForAll @IntRange(min = 2, max = 6) int folds, @ForAll long seed) {
        Assume.that(new HashSet<>(groups).size() >= folds);
        Split split = Split.kFold(groups, folds, seed);

        for (int part = 0; part < folds; part++) {
            Set<String> inTraining = groupsOf(groups, split.training(part));
            assertThat(groupsOf(groups, split.heldOut(part))).doesNotContainAnyElementsOf(inTraining);
        }
    }

    @Property(tries = 200)
    void foldsDifferByAtMostTheLargestGroup(
            @ForAll("groups") List<String> groups, @ForAll @IntRange(min = 2, max = 6) int folds, @ForAll long seed) {
        Map<String, Integer> sizes = new HashMap<>();
        groups.forEach(group -> sizes.merge(group, 1, Integer::sum));
        Assume.that(sizes.size() >= folds);
        Split split = Split.kFold(groups, folds, seed);

        var rows = IntStream.range(0, folds)
                .map(part -> split.heldOut(part).length)
                .summaryStatistics();

        assertThat(rows.getMax() - rows.getMin()).isLessThanOrEqualTo(Collections.max(sizes.values()));
        assertThat(rows.getMin()).isPositive();
    }

    @Property(tries = 100)
    void whereARowGoesDoesNotDependOnTheOrderOfTheRows(
            @ForAll("groups") List<String> groups, @ForAll long seed, @ForAll long shuffle) {
        Assume.that(new HashSet<>(groups).size() >= 3);
        var shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, new Random(shuffle));

        assertThat(foldOfGroup(shuffled, Split.kFold(shuffled, 3, seed)))
                .isEqualTo(foldOfGroup(groups, Split.kFold(groups, 3, seed)));
    }

    @Property(tries = 50)
    void hashHoldsOutAboutItsShareAndTheSameGroupsAgainWhenOthersAreAdded(
            @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 0.9) double fraction) {
        List<String> groups =
                IntStream.range(0, 2_000).mapToObj(row -> "g" + row / 2).toList();
        Split all = Split.byHash(groups, fraction, seed);
        Split half = Split.byHash(groups.subList(0, 1_000), fraction, seed);

        // 1,000 groups: five standard deviations of a binomial share.
        double tolerance = 5 * Math.sqrt(fraction * (1 - fraction) / 1_000);
        assertThat(all.heldOut(0).length / 2_000.0).isBetween(fraction - tolerance, fraction + tolerance);
        assertThat(half.heldOut(0))
                .containsExactly(
                        Arrays.stream(all.heldOut(0)).filter(row -> row < 1_000).toArray());
        assertThat(together(all, 0)).containsExactly(allRows(groups));
        assertThat(groupsOf(groups, all.heldOut(0))).doesNotContainAnyElementsOf(groupsOf(groups, all.training(0)));
    }

    @Property(tries = 200)
    void timeHoldsOutTheLatestRows(
            @ForAll @Size(min = 2, max = 50) List<@LongRange(min = 0, max = 20) Long> times,
            @ForAll @DoubleRange(min = 0.05, max = 0.8) double fraction) {
        long[] micros = times.stream().mapToLong(Long::longValue).toArray();
        Split split;
        try {
            split = Split.byTime(micros, fraction);
        } catch (UnusableDatasetException allAtOnce) {
            // Only where the rows to hold out reach down to the earliest time.
            long[] sorted = Arrays.stream(micros).sorted().toArray();
            int heldOut = Math.clamp(Math.round(fraction * micros.length), 1, micros.length);
            assertThat(sorted[sorted.length - heldOut]).isEqualTo(sorted[0]);
            return;
        }

        long latestTrained = Arrays.stream(split.training(0))
                .mapToLong(row -> micros[row])
                .max()
                .orElseThrow();
        long earliestHeldOut = Arrays.stream(split.heldOut(0))
                .mapToLong(row -> micros[row])
                .min()
                .orElseThrow();
        assertThat(earliestHeldOut).isGreaterThan(latestTrained);
        assertThat(split.heldOut(0).length).isGreaterThanOrEqualTo((int) Math.round(fraction * micros.length));
    }

    @Example
    void anotherSeedGivesOtherFolds() {
        List<String> groups = IntStream.range(0, 100).mapToObj(row -> "g" + row).toList();

        assertThat(Split.kFold(groups, 5, 1).heldOut(0))
                .isNotEqualTo(Split.kFold(groups, 5, 2).heldOut(0));
        assertThat(Split.kFold(groups, 5, 1).heldOut(0))
                .isEqualTo(Split.kFold(groups, 5, 1).heldOut(0));
    }

    /** Computed apart, in Python: SHA-256 over the seed, eight bytes big-endian, and the group's UTF-8. */
    @Example
    void holdsOutTheSameRowsForEver() {
        List<String> groups = IntStream.range(0, 20).mapToObj(row -> "g" + row).toList();

        assertThat(Split.byHash(groups, 0.25, 42).heldOut(0)).containsExactly(HELD_OUT_BY_HASH);
        assertThat(Split.kFold(groups, 4, 42).heldOut(0)).containsExactly(HELD_OUT_IN_FOLD_0);
    }

    @Example
    void refusesASplitThatLeavesNothingToTrainOrEvaluateWith() {
        assertThatThrownBy(() -> Split.kFold(List.of("a", "a", "b"), 3, 1))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessage("split: 3 folds (expected: at most 2, the number of groups)");
        assertThatThrownBy(() -> Split.byHash(List.of("a", "a"), 0.5, 1)).isInstanceOf(UnusableDatasetException.class);
        assertThatThrownBy(() -> Split.byTime(new long[] {5, 5, 5}, 0.3))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessageContaining("same event time");
    }

    @Provide
    Arbitrary<List<String>> groups() {
        return Arbitraries.integers()
                .between(0, 15)
                .map(number -> "g" + number)
                .list()
                .ofMinSize(2)
                .ofMaxSize(60);
    }

    private static final int[] HELD_OUT_BY_HASH = {4, 6, 12, 13, 16, 18, 19};
    private static final int[] HELD_OUT_IN_FOLD_0 = {0, 2, 11, 13, 16};

    private static Map<String, Integer> foldOfGroup(List<String> groups, Split split) {
        var folds = new HashMap<String, Integer>();
        for (int part = 0; part < split.parts(); part++) {
            for (int row : split.heldOut(part)) {
                folds.put(groups.get(row), part);
            }
        }
        return folds;
    }

    private static int[] together(Split split, int part) {
        return IntStream.concat(Arrays.stream(split.training(part)), Arrays.stream(split.heldOut(part)))
                .sorted()
                .toArray();
    }

    private static int[] allRows(List<String> groups) {
        return IntStream.range(0, groups.size()).toArray();
    }

    private static Set<String> groupsOf(List<String> groups, int[] rows) {
        var of = new HashSet<String>();
        Arrays.stream(rows).forEach(row -> of.add(groups.get(row)));
        return of;
    }
}
