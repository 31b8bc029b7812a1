package dev.triptych.monitoring.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.monitoring.domain.SharedBins.Bin;
import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.ColumnProfile.Numbers;
import dev.triptych.store.models.domain.profile.ColumnTally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** Divergences against values computed by hand and tables, by brute force, and by their laws. */
class DivergenceProperties {

    private static final List<Bin> SHIFTED = bins(new long[] {50, 30, 20}, new long[] {400, 350, 250});

    @Example
    void ofSharesComputedByHand() {
        // (0.4-0.5) ln(0.4/0.5) + (0.35-0.3) ln(0.35/0.3) + (0.25-0.2) ln(0.25/0.2)
        assertThat(Divergence.psi(SHIFTED)).isEqualTo(0.0411790667, within(1e-9));
        assertThat(Divergence.jensenShannon(SHIFTED)).isEqualTo(0.0074122377, within(1e-9));
    }

    @Example
    void anEmptyBinCountsAsHalfARow() {
        List<Bin> bins = bins(new long[] {50, 50}, new long[] {100, 0});

        assertThat(Divergence.psi(bins))
                .isEqualTo(0.5 * Math.log(2) + (0.005 - 0.5) * Math.log(0.005 / 0.5), within(1e-12));
    }

    /** χ² with 9 degrees of freedom exceeds 27.877 once in a thousand times, with 1 degree 10.828. */
    @Example
    void chanceIsThatOfTheTablesOfChiSquared() {
        List<Bin> ten = bins(
                Stream.generate(() -> 100L).limit(10).mapToLong(Long::longValue).toArray(),
                Stream.generate(() -> 100L).limit(10).mapToLong(Long::longValue).toArray());
        List<Bin> two = bins(new long[] {500, 500}, new long[] {500, 500});

        assertThat(Divergence.psiByChance(ten)).isEqualTo(27.877 * 2 / 1_000, within(0.0005));
        assertThat(Divergence.psiByChance(two)).isEqualTo(10.828 * 2 / 1_000, within(0.001));
    }

    @Example
    void samplesOfOneDistributionSeldomExceedChance() {
        var random = new Random(23);
        ColumnProfile baseline = gaussians(random, 1_300, 0);
        int exceeded = 0;
        for (int window = 0; window < 2_000; window++) {
            Drift drift = Drift.of("x", baseline, gaussians(random, 150, 0));
            exceeded += drift.psi() >= drift.threshold(0) ? 1 : 0;
        }

        assertThat(exceeded).isLessThan(20);
    }

    @Example
    void aShiftOfOneDeviationIsADrift() {
        var random = new Random(29);
        Drift drift = Drift.of("x", gaussians(random, 1_300, 0), gaussians(random, 150, 1));

        assertThat(drift.psi()).isGreaterThan(drift.threshold(0.2));
        // The greatest difference of two normal distributions one deviation apart is 2 Φ(0.5) - 1.
        assertThat(drift.kolmogorovSmirnov().orElseThrow()).isEqualTo(0.383, within(0.08));
    }

    @Example
    void withoutLiveRowsNothingHasDrifted() {
        Drift drift = Drift.of("x", gaussians(new Random(1), 100, 0), gaussians(new Random(1), 0, 0));

        assertThat(drift.psi()).isZero();
        assertThat(drift.jensenShannon()).isZero();
        assertThat(drift.threshold(0.2)).isInfinite();
    }

    @Property(tries = 300)
    void psiAndJensenShannonAreSymmetricAndZeroForEqualShares(
            @ForAll @Size(min = 1, max = 15) List<@IntRange(min = 0, max = 500) Integer> baseline, @ForAll long seed) {
        var random = new Random(seed);
        long[] counts = baseline.stream().mapToLong(Integer::longValue).toArray();
        long[] others = random.ints(counts.length, 0, 300).asLongStream().toArray();
        List<Bin> there = bins(counts, others);
        List<Bin> back = bins(others, counts);

        assertThat(Divergence.psi(there)).isEqualTo(Divergence.psi(back), within(1e-9));
        assertThat(Divergence.psi(there)).isGreaterThanOrEqualTo(0);
        assertThat(Divergence.jensenShannon(there))
                .isEqualTo(Divergence.jensenShannon(back), within(1e-9))
                .isBetween(0.0, 1.0);
        assertThat(Divergence.psi(bins(counts, counts))).isEqualTo(0, within(1e-12));
        assertThat(Divergence.jensenShannon(bins(counts, counts))).isEqualTo(0, within(1e-12));
    }

    @Property(tries = 200)
    void kolmogorovSmirnovIsTheGreatestDifferenceOfAll(
            @ForAll @NotEmpty @Size(max = 40) List<@DoubleRange(min = 0, max = 2) Double> baseline,
            @ForAll @NotEmpty @Size(max = 40) List<@DoubleRange(min = 0, max = 2) Double> live) {
        double expected = Stream.concat(baseline.stream(), live.stream())
                .mapToDouble(at -> Math.abs(share(baseline, at) - share(live, at)))
                .max()
                .orElseThrow();

        assertThat(Divergence.kolmogorovSmirnov(numbers(baseline), numbers(live)))
                .isEqualTo(expected, within(1e-9));
    }

    @Property(tries = 200)
    void everyRowIsInOneBin(
            @ForAll @Size(max = 60) List<@DoubleRange(min = 0, max = 2) Double> baseline,
            @ForAll @Size(max = 60) List<@DoubleRange(min = -1, max = 3) Double> live) {
        List<Bin> bins = SharedBins.of(numbers(baseline), numbers(live)).bins();

        assertThat(bins.stream().mapToLong(Bin::baseline).sum()).isEqualTo(baseline.size());
        assertThat(bins.stream().mapToLong(Bin::live).sum()).isEqualTo(live.size());
        assertThat(bins).hasSizeLessThanOrEqualTo(11);
    }

    @Example
    void numbersAreCutAtTheDecilesOfWhatWasLearnt() {
        var learnt = new ArrayList<Double>();
        for (int i = 1; i <= 1_000; i++) {
            learnt.add((double) i);
        }
        List<Bin> bins = SharedBins.of(numbers(learnt), numbers(List.of(-5.0, 100.0, 100.5, 5_000.0)))
                .bins();

        assertThat(bins)
                .hasSize(10)
                .allSatisfy(bin -> assertThat(bin.baseline()).isBetween(94L, 106L));
        assertThat(bins.getFirst().live()).isBetween(2L, 3L);
        assertThat(bins.getLast().live()).isEqualTo(1);
    }

    @Example
    void rareAndUnseenCategoriesShareABinAndMissingOnesHaveTheirOwn() {
        var counts = new LinkedHashMap<String, Long>();
        for (int i = 0; i < 25; i++) {
            counts.put("c" + i, 100L - i);
        }
        var now = new LinkedHashMap<String, Long>();
        now.put("new", 7L);
        now.put("c0", 3L);
        now.put("c24", 2L);
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        List<Bin> bins = SharedBins.of(
                        new ColumnProfile.Categories(all + 4, 0, counts, 4),
                        new ColumnProfile.Categories(17, 5, now, 0))
                .bins();

        assertThat(bins).hasSize(22);
        assertThat(bins.getFirst()).isEqualTo(new Bin("c0", 100, 3));
        assertThat(bins.get(20)).isEqualTo(new Bin("others", 80 + 79 + 78 + 77 + 76 + 4, 9));
        assertThat(bins.get(21)).isEqualTo(new Bin("missing", 0, 5));
    }

    private static List<Bin> bins(long[] baseline, long[] live) {
        var bins = new ArrayList<Bin>();
        for (int i = 0; i < baseline.length; i++) {
            bins.add(new Bin("b" + i, baseline[i], live[i]));
        }
        return bins;
    }

    private static double share(List<Double> values, double at) {
        return (double) values.stream().filter(value -> value <= at).count() / values.size();
    }

    private static Numbers numbers(List<Double> values) {
        var tally = new ColumnTally.OfNumbers();
        values.forEach(tally::add);
        return tally.profile();
    }

    private static ColumnProfile gaussians(Random random, int count, double mean) {
        return numbers(
                Stream.generate(() -> mean + random.nextGaussian()).limit(count).toList());
    }
}
