package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.ViewStatistics;
import dev.triptych.store.features.ViewStatistics.Categories;
import dev.triptych.store.features.ViewStatistics.Category;
import dev.triptych.store.features.ViewStatistics.FeatureSummary;
import dev.triptych.store.features.ViewStatistics.NoValues;
import dev.triptych.store.features.ViewStatistics.Numbers;
import dev.triptych.store.features.ViewStatistics.Span;
import dev.triptych.store.features.ViewStatistics.Summary;
import dev.triptych.store.features.ViewStatistics.Times;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is the textbook, over the same rows in memory. */
class DuckDbViewStatisticsTest {

    private static final Span ALL = new Span(Optional.empty(), Optional.empty());
    private static final Horizon LATER = new Horizon(1_000, 0);

    private static final List<FeatureRead> FEATURES = List.of(
            read("<script>alert(1)</script>", FeatureType.FLOAT64),
            read("'; DROP VIEW view_rows; --", FeatureType.INT64),
            read("a \"quoted\" näme", FeatureType.STRING),
            read("KEY", FeatureType.BOOL),
            read("event_time", FeatureType.TIMESTAMP),
            read("x".repeat(200), FeatureType.FLOAT64));
    private static final String TYPES = "fisbtf";

    @TempDir
    Path folder;

    private final List<Segment> segments = new ArrayList<>();
    private DuckDbMemory memory;
    private ViewStatistics statistics;

    private static FeatureRead read(String name, FeatureType type) {
        return new FeatureRead("odd", name, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }

    @BeforeEach
    void open() {
        memory = new DuckDbMemory(256, 1, folder.resolve("spill"));
        statistics = new DuckDbViewStatistics((system, entity, views, horizon) -> segments, folder, memory);
    }

    @Test
    void featuresOfAnyNameAreSummarized() {
        var random = new Random(11);
        var numbers = new ArrayList<Double>();
        var rows = new ArrayList<FeatureRow>();
        for (int i = 0; i < 500; i++) {
            double number = random.nextGaussian() * 40;
            numbers.add(number);
            rows.add(new FeatureRow(
                    i,
                    List.of(
                            new Value.Float64(number),
                            i % 5 == 0 ? Value.Null.NULL : new Value.Int64(i),
                            new Value.Text(i % 3 == 0 ? "<b>" : "c" + i % 2),
                            Value.Bool.of(i % 4 == 0),
                            new Value.Int64(1_000_000L + i),
                            Value.Null.NULL)));
        }
        write(1, "k1", rows.subList(0, 200));
        write(2, "k2", rows.subList(200, 500));

        Summary summary = statistics.of("s", "e", FEATURES, ALL, LATER);

        assertThat(summary.rows()).isEqualTo(500);
        assertThat(summary.keys()).isEqualTo(2);
        assertThat(summary.newestEventMicros()).contains(499L);
        assertThat(summary.newestIngestMicros()).contains(2_000L);
        assertThat(summary.features()).extracting(FeatureSummary::feature).isEqualTo(FEATURES);
        assertThat(summary.features())
                .extracting(FeatureSummary::count)
                .containsExactly(500L, 400L, 500L, 500L, 500L, 0L);
        check((Numbers) summary.features().get(0).values(), numbers);
        assertThat(((Categories) summary.features().get(2).values()).top())
                .containsExactly(new Category("<b>", 167), new Category("c1", 167), new Category("c0", 166));
        assertThat(((Categories) summary.features().get(3).values()).top())
                .containsExactly(new Category("false", 375), new Category("true", 125));
        assertThat(summary.features().get(4).values()).isEqualTo(new Times(1_000_000, 1_000_499));
        assertThat(summary.features().get(5).values()).isEqualTo(new NoValues());
        assertThat(summary.features().get(1).newestEventMicros()).contains(499L);
    }

    @Test
    void whatComesLaterCountsAndWhatIsAfterTheHorizonDoesNot() {
        write(1, "k1", List.of(row(1)));
        assertThat(statistics.of("s", "e", FEATURES, ALL, LATER).rows()).isEqualTo(1);
        Path file = folder.resolve(segments.getFirst().path());
        assertThat(file.toFile().delete()).as("is read once").isTrue();
        assertThat(statistics.of("s", "e", FEATURES, ALL, LATER).rows()).isEqualTo(1);

        segments.clear();
        write(2, "k2", List.of(row(2), row(3)));
        assertThat(statistics.of("s", "e", FEATURES, ALL, LATER).rows()).isEqualTo(2);
        assertThat(statistics.of("s", "e", FEATURES, ALL, Horizon.START).rows()).isZero();
    }

    private static FeatureRow row(long eventMicros) {
        return new FeatureRow(
                eventMicros,
                List.of(
                        new Value.Float64(eventMicros),
                        new Value.Int64(eventMicros),
                        new Value.Text("c"),
                        Value.Bool.of(true),
                        new Value.Int64(eventMicros),
                        Value.Null.NULL));
    }

    private static void check(Numbers found, List<Double> numbers) {
        double[] sorted =
                numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double mean = DoubleStream.of(sorted).average().orElseThrow();
        double variance = DoubleStream.of(sorted)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        assertThat(found.min()).isEqualTo(sorted[0]);
        assertThat(found.max()).isEqualTo(sorted[sorted.length - 1]);
        assertThat(found.mean()).isCloseTo(mean, within(1e-9));
        assertThat(found.stddev()).isCloseTo(Math.sqrt(variance), within(1e-9));
        for (int i = 0; i < ViewStatistics.QUANTILES.size(); i++) {
            double place = ViewStatistics.QUANTILES.get(i) * (sorted.length - 1);
            int below = (int) place;
            double expected =
                    sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
            assertThat(found.quantiles().get(i)).isCloseTo(expected, within(1e-9));
        }
        for (int bin = 0; bin < ViewStatistics.BINS; bin++) {
            double from = found.edge(bin);
            double to = found.edge(bin + 1);
            boolean last = bin == ViewStatistics.BINS - 1;
            assertThat(found.histogram().get(bin))
                    .isEqualTo(DoubleStream.of(sorted)
                            .filter(x -> x >= from && (x < to || last))
                            .count());
        }
    }

    @Test
    void theLargestNumbersThereAreDoNotOverflow() {
        write(1, "k", List.of(row(1, 1e300), row(2, -1.7e308), row(3, 1.7e308), row(4, 1e300)));

        Numbers numbers = numbers(ALL);

        assertThat(numbers.min()).isEqualTo(-1.7e308);
        assertThat(numbers.max()).isEqualTo(1.7e308);
        assertThat(numbers.mean() / 5e299).isCloseTo(1, within(1e-6));
        assertThat(numbers.stddev() / (1.7e308 / Math.sqrt(2))).isCloseTo(1, within(1e-6));
        assertThat(numbers.histogram().getFirst()).isEqualTo(1);
        assertThat(numbers.histogram().getLast()).isEqualTo(1);
        assertThat(numbers.histogram().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(4);
        for (int bin = 0; bin <= ViewStatistics.BINS; bin++) {
            assertThat(numbers.edge(bin)).isFinite();
        }
    }

    @Test
    void oneValueIsOneBin() {
        write(1, "k", List.of(row(1, 5), row(2, 5)));

        assertThat(numbers(ALL))
                .isEqualTo(new Numbers(5, 5, 5, 0, List.of(5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0), List.of(2L)));
    }

    @Test
    void onlyRowsOfTheSpanAndUpToTheHorizonCount() {
        write(1, "k", List.of(row(10, 1), row(20, 2), row(30, 3)));
        write(2, "k", List.of(row(20, 100)));

        assertThat(numbers(new Span(Optional.of(10L), Optional.of(30L))).max()).isEqualTo(100);
        Summary before = statistics.of("s", "e", FEATURES, new Span(Optional.of(11L), Optional.empty()), at(1));
        assertThat(before.rows()).isEqualTo(2);
        assertThat(((Numbers) before.features().getFirst().values()).mean()).isEqualTo(2.5);
    }

    @Test
    void rowsWithoutTheFeatureCountAsNulls() {
        write(1, "k", List.of(row(1, 1)));
        try (var files = new DuckDbSegmentFiles(folder, memory);
                var batch = files.begin()) {
            var older = new RowsWritten(
                    "odd",
                    List.of("<script>alert(1)</script>"),
                    "s",
                    List.of(new FeatureRow(2, List.of(new Value.Text("a text in former times")))),
                    3,
                    Optional.empty());
            batch.add("s", "e", "k", at(2), 2, older);
            segments.addAll(batch.write());
        }

        Summary summary = statistics.of("s", "e", FEATURES, ALL, LATER);

        assertThat(summary.rows()).isEqualTo(2);
        assertThat(summary.features().getFirst().count()).isEqualTo(1);
    }

    @Test
    void aViewWithoutRowsHasNone() {
        Summary summary = statistics.of("s", "e", FEATURES, ALL, LATER);

        assertThat(summary.rows()).isZero();
        assertThat(summary.newestEventMicros()).isEmpty();
        assertThat(summary.features()).extracting(FeatureSummary::values).containsOnly(new NoValues());
    }

    private Numbers numbers(Span span) {
        return (Numbers) statistics
                .of("s", "e", FEATURES, span, LATER)
                .features()
                .getFirst()
                .values();
    }

    private static FeatureRow row(long eventMicros, double first) {
        return new FeatureRow(
                eventMicros,
                List.of(
                        new Value.Float64(first),
                        Value.Null.NULL,
                        Value.Null.NULL,
                        Value.Null.NULL,
                        Value.Null.NULL,
                        Value.Null.NULL));
    }

    private static Horizon at(int event) {
        return new Horizon(100, event);
    }

    private void write(int event, String key, List<FeatureRow> rows) {
        List<String> names = FEATURES.stream().map(FeatureRead::feature).toList();
        try (var files = new DuckDbSegmentFiles(folder, memory);
                var batch = files.begin()) {
            batch.add(
                    "s",
                    "e",
                    key,
                    at(event),
                    event,
                    new RowsWritten("odd", names, TYPES, rows, event * 1_000L, Optional.empty()));
            segments.addAll(batch.write());
        }
    }
}
