package dev.triptych.store.features.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The laws of the fold, against a search through all rows that knows nothing of it. */
class FeatureStateProperties {

    private static final List<String> NAMES = List.of("x");
    private static final FeatureRead X = read(Optional.empty(), FeatureRead.Boundary.INCLUSIVE);

    @Property
    void readsTheNewestRowNotAfterTheInstantAndOfEqualTimesTheLastArrived(
            @ForAll("rows") List<FeatureRow> rows, @ForAll @IntRange(min = -1, max = 41) int asOf) {
        FeatureState state = afterAll(Retention.all(), rows);

        assertThat(state.read(List.of(X), asOf).values()).containsExactly(expected(rows, asOf, true, Long.MAX_VALUE));
    }

    @Property
    void anExclusiveBoundaryHidesTheRowAtTheInstant(
            @ForAll("rows") List<FeatureRow> rows, @ForAll @IntRange(min = -1, max = 41) int asOf) {
        FeatureRead exclusive = read(Optional.empty(), FeatureRead.Boundary.EXCLUSIVE);

        assertThat(afterAll(Retention.all(), rows)
                        .read(List.of(exclusive), asOf)
                        .values())
                .containsExactly(expected(rows, asOf, false, Long.MAX_VALUE));
    }

    @Property
    void aValueAsOldAsTheTimeToLiveStillCounts(
            @ForAll("rows") List<FeatureRow> rows,
            @ForAll @IntRange(min = -1, max = 41) int asOf,
            @ForAll @IntRange(max = 20) int ttl) {
        FeatureRead aging = read(Optional.of((long) ttl), FeatureRead.Boundary.INCLUSIVE);

        assertThat(afterAll(Retention.all(), rows).read(List.of(aging), asOf).values())
                .containsExactly(expected(rows, asOf, true, ttl));
    }

    @Property
    void theOrderOfArrivalDoesNotMatterWhereEventTimesDiffer(@ForAll("rows") List<FeatureRow> rows, @ForAll long seed) {
        List<FeatureRow> distinct = oneATime(rows);
        var shuffled = new ArrayList<>(distinct);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(afterAll(Retention.all(), shuffled).rows("v"))
                .isEqualTo(afterAll(Retention.all(), distinct).rows("v"));
    }

    @Property
    void rowsInOneEventReadAsRowsInManyEvents(@ForAll("rows") List<FeatureRow> rows) {
        FeatureState together = rows.isEmpty()
                ? FeatureState.empty(Retention.all())
                : FeatureState.empty(Retention.all()).apply(event(rows, 100));

        assertThat(together.rows("v")).isEqualTo(afterAll(Retention.all(), rows).rows("v"));
    }

    @Property(tries = 20)
    void longHistoriesThatShareTheirRowsStayApart(@ForAll @IntRange(min = 100, max = 400) int shared) {
        var rows = new ArrayList<FeatureRow>();
        for (int time = 0; time < shared; time++) {
            rows.add(new FeatureRow(time, List.of(new Value.Float64(time))));
        }
        FeatureState before = afterAll(Retention.all(), rows);

        FeatureState one = before;
        FeatureState other = before;
        for (int i = 0; i < 100; i++) {
            one = one.apply(event(List.of(new FeatureRow(shared + i, List.of(new Value.Float64(1)))), 1_000 + i));
            other = other.apply(event(List.of(new FeatureRow(shared + i, List.of(new Value.Float64(2)))), 1_000 + i));
        }

        assertThat(before.rows("v")).isEqualTo(rows);
        assertThat(one.rows("v").subList(shared, shared + 100))
                .allSatisfy(row -> assertThat(row.values()).containsExactly(new Value.Float64(1)));
        assertThat(other.rows("v").subList(shared, shared + 100))
                .allSatisfy(row -> assertThat(row.values()).containsExactly(new Value.Float64(2)));
    }

    @Property
    void eventsFoldedAllAtOnceReadAsFoldedOneByOne(
            @ForAll("rows") List<FeatureRow> rows, @ForAll List<@IntRange(max = 3) Integer> kinds) {
        var events = new ArrayList<FeatureEvent>();
        for (int i = 0; i < rows.size(); i++) {
            int kind = i < kinds.size() ? kinds.get(i) : 0;
            events.add(new FeatureEvent.RowsWritten(
                    kind == 1 ? "another" : "v",
                    kind == 2 ? List.of("y") : NAMES,
                    "f",
                    List.of(rows.get(i)),
                    100 + i,
                    Optional.empty()));
        }
        FeatureState oneByOne = FeatureState.empty(Retention.all());
        for (FeatureEvent event : events) {
            oneByOne = oneByOne.apply(event);
        }

        assertThat(FeatureState.ofAll(events).views()).isEqualTo(oneByOne.views());
    }

    @Property
    void aStateThatKeepsLessAnswersTheSameWhereverItCovers(
            @ForAll("rows") List<FeatureRow> rows,
            @ForAll @IntRange(min = 1, max = 5) int kept,
            @ForAll @IntRange(min = -1, max = 41) int asOf) {
        FeatureState live = afterAll(Retention.newest(kept), rows);

        if (live.covers(List.of(X), asOf)) {
            assertThat(live.read(List.of(X), asOf))
                    .isEqualTo(afterAll(Retention.all(), rows).read(List.of(X), asOf));
        }
    }

    @Property
    void aLiveStateAlwaysCoversWhatIsNewerThanEveryRow(
            @ForAll("rows") List<FeatureRow> rows, @ForAll @IntRange(min = 1, max = 5) int kept) {
        assertThat(afterAll(Retention.newest(kept), rows).covers(List.of(X), 41))
                .isTrue();
    }

    @Property
    void writingTheSameRowsAgainLeavesNothingToDo(@ForAll("rows") List<FeatureRow> rows) {
        FeatureState state = FeatureState.empty(Retention.all());
        for (FeatureRow row : oneATime(rows)) {
            state = write(state, List.of(row), Optional.empty());
        }
        FeatureState written = state;

        if (!rows.isEmpty()) {
            assertThat(written.write("v", NAMES, "f", oneATime(rows), 1_000, Optional.empty()))
                    .isEqualTo(Decision.<FeatureEvent, Invalid>nothingToDo());
        }
    }

    @Property
    void aRepeatedWriteIdChangesNothingWhateverItsRows(
            @ForAll("row") FeatureRow first, @ForAll("row") FeatureRow second) {
        FeatureState state = write(FeatureState.empty(Retention.all()), List.of(first), Optional.of("w"));

        assertThat(state.write("v", NAMES, "f", List.of(second), 1_000, Optional.of("w")))
                .isEqualTo(Decision.<FeatureEvent, Invalid>nothingToDo());
    }

    @Provide
    Arbitrary<List<FeatureRow>> rows() {
        return row().list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<FeatureRow> row() {
        Arbitrary<Value> values = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(9, Arbitraries.doubles().between(-9, 9).map(Value.Float64::new)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Value.Null.NULL)));
        return Combinators.combine(Arbitraries.longs().between(0, 40), values)
                .as((time, value) -> new FeatureRow(time, List.of(value)));
    }

    private static FeatureState afterAll(Retention retention, List<FeatureRow> rows) {
        FeatureState state = FeatureState.empty(retention);
        for (int i = 0; i < rows.size(); i++) {
            state = state.apply(event(List.of(rows.get(i)), 100 + i));
        }
        return state;
    }

    private static FeatureState write(FeatureState state, List<FeatureRow> rows, Optional<String> writeId) {
        return switch (state.write("v", NAMES, "f", rows, Math.max(0, state.lastIngestMicros() + 1), writeId)) {
            case Decision.Accepted<FeatureEvent, Invalid>(var events) ->
                events.isEmpty() ? state : state.apply(events.getFirst());
            case Decision.Refused<FeatureEvent, Invalid>(var reason) -> throw new AssertionError(reason.message());
        };
    }

    private static FeatureEvent event(List<FeatureRow> rows, long ingestMicros) {
        return new FeatureEvent.RowsWritten("v", NAMES, "f", rows, ingestMicros, Optional.empty());
    }

    private static List<FeatureRow> oneATime(List<FeatureRow> rows) {
        var distinct = new ArrayList<FeatureRow>();
        for (FeatureRow row : rows) {
            if (distinct.stream().noneMatch(other -> other.eventMicros() == row.eventMicros())) {
                distinct.add(row);
            }
        }
        return distinct;
    }

    /** Looks at every row, last arrived first, and takes the newest; the sort is stable. */
    private static FeatureValue expected(List<FeatureRow> rows, long asOf, boolean inclusive, long ttl) {
        var visible = new ArrayList<>(rows);
        Collections.reverse(visible);
        visible.removeIf(row -> inclusive ? row.eventMicros() > asOf : row.eventMicros() >= asOf);
        visible.sort(Comparator.comparingLong(FeatureRow::eventMicros).reversed());
        if (visible.isEmpty()) {
            return new FeatureValue(Value.Null.NULL, FeatureValue.Status.NOT_FOUND, Optional.empty());
        }
        FeatureRow newest = visible.getFirst();
        Value value = newest.values().getFirst();
        FeatureValue.Status status = value == Value.Null.NULL
                ? FeatureValue.Status.NULL_VALUE
                : asOf - newest.eventMicros() > ttl ? FeatureValue.Status.OUTSIDE_MAX_AGE : FeatureValue.Status.PRESENT;
        return new FeatureValue(value, status, Optional.of(newest.eventMicros()));
    }

    private static FeatureRead read(Optional<Long> ttl, FeatureRead.Boundary boundary) {
        return new FeatureRead("v", "x", FeatureType.FLOAT64, ttl, boundary);
    }
}
