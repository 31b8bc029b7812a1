package dev.triptych.store.features.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a write may be, and what of it is news. */
class FeatureWriteTest {

    private static final List<String> NAMES = List.of("smoker", "visits", "pulse", "ward", "admitted");
    private static final String TYPES = "bifst";
    private static final long YEAR_10_000 = 253_402_300_800_000_000L;

    static Stream<Arguments> invalidWrites() {
        FeatureRow good = row(1, true, 1L, 1.0, "a", 1L);
        return Stream.of(
                arguments("rows", NAMES, TYPES, List.of()),
                arguments("rows", NAMES, TYPES, Collections.nCopies(1_001, good)),
                arguments("names", List.of(), "", List.of(row(1))),
                arguments("names", List.of("x", "x"), "ff", List.of(row(1, 1.0, 1.0))),
                arguments("types", NAMES, "bifs", List.of(good)),
                arguments("types", NAMES, "bifsx", List.of(good)),
                arguments("rows[1].values", NAMES, TYPES, List.of(good, row(1, true))),
                arguments("rows[1].values.pulse", NAMES, TYPES, List.of(good, row(1, true, 1L, 1L, "a", 1L))),
                arguments("rows[0].values.smoker", NAMES, TYPES, List.of(row(1, "yes", 1L, 1.0, "a", 1L))),
                arguments("rows[0].values.visits", NAMES, TYPES, List.of(row(1, true, 1.0, 1.0, "a", 1L))),
                arguments("rows[0].values.pulse", NAMES, TYPES, List.of(row(1, true, 1L, Double.NaN, "a", 1L))),
                arguments(
                        "rows[0].values.pulse",
                        NAMES,
                        TYPES,
                        List.of(row(1, true, 1L, Double.NEGATIVE_INFINITY, "a", 1L))),
                arguments("rows[0].values.ward", NAMES, TYPES, List.of(row(1, true, 1L, 1.0, "a".repeat(10_001), 1L))),
                arguments("rows[0].event_time", NAMES, TYPES, List.of(row(YEAR_10_000, true, 1L, 1.0, "a", 1L))),
                arguments("rows[0].event_time", NAMES, TYPES, List.of(row(Long.MIN_VALUE, true, 1L, 1.0, "a", 1L))));
    }

    @ParameterizedTest
    @MethodSource("invalidWrites")
    void isRefusedNamingTheField(String field, List<String> names, String types, List<FeatureRow> rows) {
        var decision = FeatureState.empty(Retention.all()).write("v", names, types, rows, 100, Optional.empty());

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused ->
                                assertThat(((Invalid) refused.reason()).field()).isEqualTo(field));
    }

    @Test
    void acceptsTheEdgesOfEveryRange() {
        FeatureRow last = row(YEAR_10_000 - 1, false, Long.MIN_VALUE, Double.MAX_VALUE, "a".repeat(10_000), 0L);

        assertThat(news(FeatureState.empty(Retention.all()), Collections.nCopies(999, last), last))
                .containsExactly(last);
    }

    @Test
    void dropsRowsThatAreThereValueForValue() {
        FeatureRow known = row(1, true, 1L, 1.0, "a", 1L);
        FeatureRow corrected = row(1, true, 2L, 1.0, "a", 1L);
        FeatureRow later = row(2, true, 1L, 1.0, "a", 1L);
        FeatureState state = FeatureState.empty(Retention.all()).apply(event(known));

        assertThat(news(state, List.of(known), later)).containsExactly(later);
        assertThat(news(state, List.of(corrected), known)).containsExactly(corrected, known);
    }

    @Test
    void takesAnotherSchemaForNews() {
        FeatureState state = FeatureState.empty(Retention.all()).apply(event(row(1, true, 1L, 1.0, "a", 1L)));

        var decision = state.write("v", List.of("smoker"), "b", List.of(row(1, true)), 101, Optional.empty());

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Accepted.class,
                        accepted -> assertThat(accepted.events()).hasSize(1));
    }

    @Test
    void readsAWholeNumberAsARealOneAndNothingElseAcrossTypes() {
        FeatureState state = FeatureState.empty(Retention.all()).apply(event(row(1, true, 7L, 1.5, "a", 1L)));

        assertThat(read(state, "visits", FeatureType.FLOAT64).value()).isEqualTo(new Value.Float64(7.0));
        assertThat(read(state, "pulse", FeatureType.INT64).status()).isEqualTo(FeatureValue.Status.NOT_FOUND);
        assertThat(read(state, "smoker", FeatureType.INT64).status()).isEqualTo(FeatureValue.Status.NOT_FOUND);
        assertThat(read(state, "ward", FeatureType.FLOAT64).status()).isEqualTo(FeatureValue.Status.NOT_FOUND);
        assertThat(read(state, "unheard-of", FeatureType.BOOL).status()).isEqualTo(FeatureValue.Status.NOT_FOUND);
    }

    @Test
    void remembersOnlyTheLastWriteIds() {
        FeatureState state = FeatureState.empty(Retention.all());
        for (int i = 0; i <= 32; i++) {
            state = state.apply(new FeatureEvent.RowsWritten(
                    "v", List.of("x"), "f", List.of(row(i, 0.5)), i, Optional.of("w" + i)));
        }

        assertThat(state.writeIds()).hasSize(32).startsWith("w1").endsWith("w32");
    }

    private static FeatureValue read(FeatureState state, String feature, FeatureType type) {
        var read = new FeatureRead("v", feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
        return state.read(List.of(read), 1).values().getFirst();
    }

    private static List<FeatureRow> news(FeatureState state, List<FeatureRow> rows, FeatureRow last) {
        var all = new ArrayList<>(rows);
        all.add(last);
        return switch (state.write("v", NAMES, TYPES, all, 1_000, Optional.empty())) {
            case Decision.Accepted<FeatureEvent, Invalid>(var events) ->
                ((FeatureEvent.RowsWritten) events.getFirst()).rows();
            case Decision.Refused<FeatureEvent, Invalid>(var reason) -> throw new AssertionError(reason.message());
        };
    }

    private static FeatureEvent event(FeatureRow row) {
        return new FeatureEvent.RowsWritten("v", NAMES, TYPES, List.of(row), 100, Optional.empty());
    }

    private static FeatureRow row(long eventMicros, Object... values) {
        return new FeatureRow(eventMicros, Arrays.stream(values).map(Value::of).toList());
    }
}
