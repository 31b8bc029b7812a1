package dev.triptych.runtime.duckdb;

import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.bool;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.float64;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.int64;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.row;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.feature.Extraction.Extracted;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.feature.Generator;
import dev.triptych.store.features.domain.FeatureType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generators as users write them, with and without mistakes. */
class GeneratedSourceTest {

    @TempDir
    private Path folder;

    private SourceFixture source;

    @BeforeEach
    void setUp() {
        source = new SourceFixture(folder);
    }

    @Test
    void goesOnFromTheCursorWithTheOptionsOfTheRunOverThoseOfTheDefinition() {
        source.generator(Counting.class, "count = 2, label = x");
        SystemDefinition system = source.system();

        try (Extracted extracted = source.extract(system, Map.of("label", "y"), Optional.of("7"))) {
            assertThat(extracted.rowsRead()).isEqualTo(2);
            assertThat(extracted.cursor()).contains("9");
            assertThat(SourceFixture.rows(system, extracted).stream()
                            .map(rows -> rows.rows().getFirst()))
                    .containsExactly(
                            row("1970-01-01T00:00:00Z", float64(3.5), int64(7), bool(false), text("y")),
                            row("1970-01-01T00:00:00Z", float64(4), int64(8), bool(true), text("y")));
        }
    }

    @Test
    void endsAsUnreadableWithWhatTheGeneratorSaysOfItsOptions() {
        source.generator(Counting.class, "count = many");

        String told = Counting.class.getName() + ": count: many (expected: a whole number)";
        assertThatThrownBy(source::rows)
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage(told);
        assertThat(source.check())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.message()).isEqualTo("feature-pipelines.load: " + told));
    }

    @Test
    void namesTheRowThatTheGeneratorFailedAt() {
        source.generator(Counting.class, "count = 5, fail-at = 3");

        assertThatThrownBy(source::rows)
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage(Counting.class.getName() + ": generated row 3: the well is dry");
    }

    @Test
    void namesRowColumnAndValueOfAWrongType() {
        source.generator(Counting.class, "count = 5, wrong-at = 3");

        assertThatThrownBy(source::rows).hasMessage("generated row 3: pieces: 3 of Integer (expected: int64)");
    }

    @Test
    void refusesWhatIsNotFinite() {
        source.generator(Counting.class, "count = 5, nan-at = 3");

        assertThatThrownBy(source::rows).hasMessageContaining("rows.sql: key k3: amount: ");
    }

    @Test
    void refusesTimesThatCannotBeCountedInMicroseconds() {
        source.generator(Counting.class, "count = 5, never-at = 3");

        assertThatThrownBy(source::rows)
                .hasMessageStartingWith("generated row 3: at: ")
                .hasMessageContaining("(expected: timestamp");
    }

    @Test
    void namesTheClassThatIsNoGenerator() {
        source.generator(String.class, "");
        assertThatThrownBy(source::rows).hasMessageContaining("java.lang.String is no generator");

        source.generator(Throwing.class, "");
        assertThatThrownBy(source::rows).hasMessageContaining("cannot be made").hasMessageContaining("not today");
    }

    /** Numbers its rows from the cursor on, and makes the mistakes it is asked to. */
    public static final class Counting implements Generator {

        @Override
        public Batch generate(Request request) {
            if (!request.options().getOrDefault("count", "").matches("\\d+")) {
                throw new IllegalArgumentException(
                        "count: " + request.options().get("count") + " (expected: a whole number)");
            }
            var columns = new LinkedHashMap<String, FeatureType>();
            columns.put("item", FeatureType.STRING);
            columns.put("at", FeatureType.TIMESTAMP);
            columns.put("amount", FeatureType.FLOAT64);
            columns.put("pieces", FeatureType.INT64);
            columns.put("gift", FeatureType.BOOL);
            columns.put("label", FeatureType.STRING);
            long first = request.cursor().map(Long::parseLong).orElse(0L);
            long end = first + Long.parseLong(request.options().get("count"));
            var rows = new ArrayList<Long>();
            for (long number = first; number < end; number++) {
                rows.add(number);
            }
            Iterator<List<@Nullable Object>> each =
                    rows.stream().map(number -> row(number, request)).iterator();
            return new Batch(columns, each, String.valueOf(end));
        }

        private static List<@Nullable Object> row(long number, Request request) {
            if (asked(request, "fail-at", number)) {
                throw new IllegalStateException("the well is dry");
            }
            return Arrays.asList(
                    "k" + number,
                    asked(request, "never-at", number) ? Instant.MAX : request.now(),
                    asked(request, "nan-at", number) ? Double.NaN : number / 2.0,
                    asked(request, "wrong-at", number) ? (Object) (int) number : (Object) number,
                    number % 2 == 0,
                    request.options().getOrDefault("label", ""));
        }

        private static boolean asked(Request request, String option, long number) {
            return request.options().getOrDefault(option, "").equals(String.valueOf(number));
        }
    }

    /** Cannot be made. */
    public static final class Throwing implements Generator {

        public Throwing() {
            throw new IllegalStateException("not today");
        }

        @Override
        public Batch generate(Request request) {
            throw new AssertionError("cannot be made, so cannot be asked");
        }
    }
}
