package dev.triptych.store.models.domain.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A profile says of a column what counting says, within its bound. */
class ColumnProfileProperties {

    @Property(tries = 200)
    void aFewNumbersAreKeptExactly(
            @ForAll @Size(max = 60) List<@DoubleRange(min = -5, max = 5) Double> numbers,
            @ForAll @DoubleRange(min = -6, max = 6) double at) {
        ColumnProfile.Numbers profile = profile(numbers);

        assertThat(profile.rows()).isEqualTo(numbers.size());
        assertThat(profile.atOrBelow(at))
                .isEqualTo(numbers.stream().filter(number -> number <= at).count());
        numbers.forEach(number -> assertThat(profile.atOrBelow(number))
                .isEqualTo(numbers.stream().filter(each -> each <= number).count()));
    }

    @Property(tries = 60)
    void manyNumbersAreOffByLessThanHalfAPercent(
            @ForAll @IntRange(min = 300, max = 5_000) int count,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int ties) {
        var random = new Random(seed);
        List<Double> numbers = random.doubles(count, -3, 3)
                .map(number -> random.nextInt(ties) == 0 ? 1.0 : number)
                .boxed()
                .toList();
        ColumnProfile.Numbers profile = profile(numbers);

        assertThat(profile.values()).hasSizeLessThanOrEqualTo(ColumnTally.OfNumbers.POINTS_MAX + 1);
        assertThat(profile.values()).isSorted();
        assertThat(profile.cumulative().getLast()).isEqualTo(count);
        for (double at = -3; at <= 3; at += 0.05) {
            double edge = at;
            long exact = numbers.stream().filter(number -> number <= edge).count();
            assertThat(exact - profile.atOrBelow(at)).isBetween(0L, (long) Math.ceil(count / 255.0));
        }
        for (int i = 0; i < profile.values().size(); i++) {
            double listed = profile.values().get(i);
            assertThat(profile.cumulative().get(i))
                    .isEqualTo(
                            numbers.stream().filter(number -> number <= listed).count());
        }
    }

    @Example
    void whatIsNoFiniteNumberIsMissing() {
        ColumnTally tally = ColumnTally.of(FeatureType.FLOAT64);
        List.of(
                        Value.Null.NULL,
                        new Value.Float64(Double.NaN),
                        new Value.Float64(Double.POSITIVE_INFINITY),
                        new Value.Float64(2),
                        new Value.Int64(4))
                .forEach(tally::add);

        assertThat(tally.profile()).isEqualTo(new ColumnProfile.Numbers(5, 3, 3, List.of(2.0, 4.0), List.of(1L, 2L)));
    }

    @Example
    void quantilesAreThoseOfTheInvertedDistribution() {
        ColumnProfile.Numbers profile = profile(List.of(1.0, 2.0, 3.0, 4.0));

        assertThat(List.of(profile.quantile(0), profile.quantile(0.25), profile.quantile(0.5), profile.quantile(0.51)))
                .containsExactly(1.0, 1.0, 2.0, 3.0);
        assertThat(profile.quantile(1)).isEqualTo(4);
        assertThat(profile.mean()).isEqualTo(2.5, within(1e-12));
    }

    @Example
    void theMostFrequentCategoriesAreListed() {
        var tally = new ColumnTally.OfCategories();
        for (int category = 0; category < 60; category++) {
            for (int i = 0; i <= category; i++) {
                tally.add("c" + category);
            }
        }
        tally.add(Value.Null.NULL);
        ColumnProfile.Categories profile = tally.profile();

        assertThat(profile.counts()).hasSize(50).containsEntry("c59", 60L).doesNotContainKey("c9");
        assertThat(profile.others()).isEqualTo(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10);
        assertThat(profile.missing()).isEqualTo(1);
        assertThat(profile.rows()).isEqualTo(60 * 61 / 2 + 1);
    }

    @Example
    void longCategoriesGoByTheirBeginning() {
        var tally = new ColumnTally.OfCategories();
        tally.add("x".repeat(10_000));
        tally.add(new Value.Bool(true));

        assertThat(tally.profile().counts()).isEqualTo(Map.of("x".repeat(100), 1L, "true", 1L));
    }

    private static ColumnProfile.Numbers profile(List<Double> numbers) {
        var tally = new ColumnTally.OfNumbers();
        numbers.forEach(tally::add);
        return tally.profile();
    }
}
