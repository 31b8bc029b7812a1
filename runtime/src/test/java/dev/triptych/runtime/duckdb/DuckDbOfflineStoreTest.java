package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.runtime.postgres.RandomEvents;
import dev.triptych.runtime.postgres.RandomEvents.WrittenEvent;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import dev.triptych.store.features.OfflineStore.Slices;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRead.Boundary;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.training.DatasetBuild;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuckDbOfflineStoreTest {

    @TempDir
    Path folder;

    private final List<Segment> segments = new ArrayList<>();
    private DuckDbMemory memory;
    private DuckDbOfflineStore store;

    @BeforeEach
    void open() {
        memory = new DuckDbMemory(512, 2, folder.resolve("spill"));
        store = store(memory, 500_000);
    }

    private DuckDbOfflineStore store(DuckDbMemory memory, long rowsASlice) {
        return new DuckDbOfflineStore(
                (system, entity, views, horizon) -> segments.stream()
                        .filter(segment -> views.contains(segment.schema().view()))
                        .toList(),
                folder,
                memory,
                CompletableFuture::new,
                rowsASlice);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void historiesAreWhatWasWrittenInAnyInterleaving(long seed) {
        var random = new Random(seed);
        var places = new int[2];
        var events = new RandomEvents(
                (persistenceId, sequenceNr, event) -> {
                    places[0] += random.nextInt(2);
                    return new Horizon(100 + places[0], ++places[1]);
                },
                seed);
        try (var files = new DuckDbSegmentFiles(folder, memory)) {
            for (int batch = 0; batch < 6; batch++) {
                int before = events.events().size();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    events.writeRows();
                }
                write(files, events.events().subList(before, events.events().size()));
            }
            mergeFirstSchema(files);
        }

        for (var views : List.of(RandomEvents.VIEWS, RandomEvents.VIEWS.subList(1, 2))) {
            var horizon =
                    events.events().get(random.nextInt(events.events().size())).at();
            assertThat(histories(views, horizon)).isEqualTo(expected(events.events(), views, horizon));
        }
    }

    /** From every segment read alone to all of them sorted together. */
    @ParameterizedTest
    @ValueSource(ints = {64, 96, 160, 2_048})
    void historiesAreTheSameInAnyMemory(int mebibytes) {
        var place = new int[1];
        var events = new RandomEvents((persistenceId, sequenceNr, event) -> new Horizon(100, ++place[0]), 5);
        try (var files = new DuckDbSegmentFiles(folder, memory)) {
            for (int batch = 1; batch <= 8; batch++) {
                int before = events.events().size();
                for (int i = 0; i < 4 * batch; i++) {
                    events.writeRows();
                }
                write(files, events.events().subList(before, events.events().size()));
            }
        }
        store = store(new DuckDbMemory(mebibytes, 2, folder.resolve("spill")), 500_000);

        for (var horizon : List.of(new Horizon(100, 77), new Horizon(200, 0))) {
            assertThat(histories(RandomEvents.VIEWS, horizon))
                    .isEqualTo(expected(events.events(), RandomEvents.VIEWS, horizon));
        }
    }

    /** Slices follow one another, each key whole on one of them; the oracle sorts events in plain Java. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void slicesTogetherAreTheHistoriesHoweverManyThereAre(long seed) {
        var place = new int[1];
        var events = new RandomEvents((persistenceId, sequenceNr, event) -> new Horizon(100, ++place[0]), seed);
        try (var files = new DuckDbSegmentFiles(folder, memory)) {
            for (int batch = 0; batch < 40; batch++) {
                int before = events.events().size();
                events.writeRows();
                write(files, events.events().subList(before, events.events().size()));
            }
            mergeFirstSchema(files);
        }

        for (int rowsASlice : new int[] {1, 10, 30}) {
            store = store(memory, rowsASlice);
            for (var horizon : List.of(new Horizon(100, 31), new Horizon(200, 0))) {
                var all = new ArrayList<KeyHistory>();
                try (Slices slices = slices(horizon)) {
                    var open = IntStream.range(0, slices.count())
                            .mapToObj(slices::open)
                            .toList();
                    open.forEach(histories -> {
                        histories.forEachRemaining(all::add);
                        histories.close();
                    });
                    assertThat(slices.count()).isGreaterThan(1);
                }
                assertThat(all).isEqualTo(expected(events.events(), RandomEvents.VIEWS, horizon));
            }
            var horizon = new Horizon(200, 0);
            assertThat(dataset(slices(horizon))).isEqualTo(dataset(Slices.ofOne(() -> histories(horizon))));
        }
    }

    private Slices slices(Horizon horizon) {
        return store.slices(RandomEvents.SYSTEM, RandomEvents.ENTITY, RandomEvents.VIEWS, horizon);
    }

    private Histories histories(Horizon horizon) {
        return store.histories(RandomEvents.SYSTEM, RandomEvents.ENTITY, RandomEvents.VIEWS, horizon);
    }

    private static Dataset dataset(Slices slices) {
        var fare = new FeatureRead("ticket", "fare", FeatureType.FLOAT64, Optional.empty(), Boundary.INCLUSIVE);
        var age = new FeatureRead("person", "age", FeatureType.FLOAT64, Optional.empty(), Boundary.INCLUSIVE);
        return new DatasetBuild(new DatasetSchema(fare, List.of(age), 1, OptionalInt.empty()), slices, keys -> {})
                .run();
    }

    @Test
    void aSegmentThatIsNotSortedByKeyIsNotRead() throws SQLException {
        var rows = List.of(new FeatureRow(1, List.of(new Value.Float64(1))));
        var written = new RowsWritten("view", List.of("x"), "f", rows, 0, Optional.empty());
        try (var files = new DuckDbSegmentFiles(folder, memory);
                var batch = files.begin()) {
            batch.add("s", "e", "a", new Horizon(1, 1), 1, written);
            batch.add("s", "e", "b", new Horizon(1, 2), 1, written);
            segments.addAll(batch.write());
        }
        var file = SqlQuotes.literal(folder.resolve(segments.getFirst().path()).toString());
        try (var connection = memory.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE turned AS FROM read_parquet(" + file + ") ORDER BY key DESC");
            statement.execute("COPY turned TO " + file + " (FORMAT parquet)");
        }

        assertThatThrownBy(() -> {
                    try (var histories = store.histories("s", "e", List.of("view"), new Horizon(1, 2))) {
                        histories.forEachRemaining(history -> {});
                    }
                })
                .hasMessageContaining("key a after b (expected: sorted by key)");
    }

    @Test
    void keysAndRowsComeInOrderHoweverManyThereAre() {
        int keys = 3_000;
        int eventsAKey = 25;
        int rowsAnEvent = 4;
        try (var files = new DuckDbSegmentFiles(folder, memory);
                var batch = files.begin()) {
            for (int event = 0; event < keys * eventsAKey; event++) {
                int key = event % keys;
                int round = event / keys;
                var rows = new ArrayList<FeatureRow>();
                for (int row = 0; row < rowsAnEvent; row++) {
                    rows.add(new FeatureRow(
                            -(round * rowsAnEvent + row), List.of(new Value.Float64(round * rowsAnEvent + row))));
                }
                var written = new RowsWritten("view", List.of("x"), "f", rows, round, Optional.empty());
                batch.add("s", "e", "key-" + key, new Horizon(round + 1, event + 1), round + 1, written);
            }
            segments.addAll(batch.write());
        }

        store = store(memory, 100_000);
        Slices slices = store.slices("s", "e", List.of("view"), new Horizon(Long.MAX_VALUE, 0));
        assertThat(slices.count()).isEqualTo(3);
        int seen = 0;
        String last = "";
        for (int slice = 0; slice < slices.count(); slice++) {
            var histories = slices.open(slice);
            while (histories.hasNext()) {
                KeyHistory history = histories.next();
                assertThat(history.key()).isGreaterThan(last);
                last = history.key();
                seen++;
                double next = 0;
                assertThat(history.events()).hasSize(eventsAKey);
                for (FeatureEvent event : history.events()) {
                    for (FeatureRow row : ((RowsWritten) event).rows()) {
                        assertThat(row.values()).containsExactly(new Value.Float64(next));
                        next++;
                    }
                }
            }
            histories.close();
        }
        slices.close();
        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void timesAtTheEndsOfTheRangeAreKeptToTheMicrosecondNext() {
        var rows = new ArrayList<FeatureRow>();
        for (long micros : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            rows.add(new FeatureRow(micros, List.of(new Value.Int64(micros))));
        }
        try (var files = new DuckDbSegmentFiles(folder, memory);
                var batch = files.begin()) {
            var written = new RowsWritten("view", List.of("at"), "t", rows, 0, Optional.empty());
            batch.add("s", "e", "key", new Horizon(1, 1), 1, written);
            segments.addAll(batch.write());
        }

        try (var histories = store.histories("s", "e", List.of("view"), new Horizon(1, 1))) {
            var event = (RowsWritten) histories.next().events().getFirst();
            assertThat(event.rows())
                    .extracting(FeatureRow::eventMicros)
                    .containsExactly(-Long.MAX_VALUE + 1, -1L, 0L, Long.MAX_VALUE - 1);
        }
    }

    @Test
    void nothingWrittenIsNoHistory() {
        assertThat(histories(RandomEvents.VIEWS, Horizon.START)).isEmpty();
    }

    private void write(DuckDbSegmentFiles files, List<WrittenEvent> events) {
        try (var batch = files.begin()) {
            for (WrittenEvent written : events) {
                batch.add(
                        RandomEvents.SYSTEM,
                        RandomEvents.ENTITY,
                        written.key(),
                        written.at(),
                        written.sequenceNr(),
                        written.event());
            }
            segments.addAll(batch.write());
        }
    }

    private void mergeFirstSchema(DuckDbSegmentFiles files) {
        var schema = segments.getFirst().schema();
        var parts = segments.stream()
                .filter(segment -> segment.schema().equals(schema))
                .toList();
        Segment merged = files.merge(parts);
        segments.removeAll(parts);
        segments.add(merged);
    }

    private List<KeyHistory> histories(List<String> views, Horizon horizon) {
        var all = new ArrayList<KeyHistory>();
        try (var histories = store.histories(RandomEvents.SYSTEM, RandomEvents.ENTITY, views, horizon)) {
            histories.forEachRemaining(all::add);
        }
        return all;
    }

    private static List<KeyHistory> expected(List<WrittenEvent> events, List<String> views, Horizon horizon) {
        var byKey = new TreeMap<byte[], List<FeatureEvent>>(Arrays::compareUnsigned);
        for (WrittenEvent written : events) {
            if (views.contains(written.event().view()) && written.at().compareTo(horizon) <= 0) {
                byKey.computeIfAbsent(written.key().getBytes(StandardCharsets.UTF_8), key -> new ArrayList<>())
                        .add(written.event());
            }
        }
        return byKey.entrySet().stream()
                .map(entry -> new KeyHistory(new String(entry.getKey(), StandardCharsets.UTF_8), entry.getValue()))
                .toList();
    }
}
