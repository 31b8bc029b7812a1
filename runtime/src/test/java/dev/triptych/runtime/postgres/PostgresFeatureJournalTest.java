package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.features.FeatureJournal.Entry;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFeatureJournalTest {

    @TempDir
    Path folder;

    @Test
    void theJournalsOfManyAreThoseOfEachUpToItsOwnNumber() {
        try (var journal = new ProjectedJournal(folder)) {
            var written = new HashMap<EntityId, List<Entry>>();
            for (int key = 0; key < 5; key++) {
                var id = new EntityId("titanic", "passenger", "p" + key);
                for (long sequenceNr = 1; sequenceNr <= 4; sequenceNr++) {
                    journal.write("feature|" + id.path(), sequenceNr, event(key, sequenceNr));
                }
                int reached = key;
                written.put(
                        id,
                        List.of(1L, 2L, 3L, 4L).subList(0, reached).stream()
                                .map(sequenceNr -> new Entry(sequenceNr, event(reached, sequenceNr)))
                                .toList());
            }
            var stranger = new EntityId("titanic", "passenger", "nobody");
            written.put(stranger, List.of());
            var wanted = new HashMap<EntityId, Long>();
            written.forEach((id, entries) -> wanted.put(id, (long) entries.size()));
            wanted.put(stranger, 7L);

            var reader =
                    new PostgresFeatureJournal(journal.database(), ProjectedJournal.serialization(), Runnable::run);

            assertThat(reader.events(wanted).toCompletableFuture().join()).isEqualTo(written);
            assertThat(reader.events(Map.of()).toCompletableFuture().join()).isEmpty();
            wanted.forEach((id, last) -> assertThat(
                            reader.events(id, last).toCompletableFuture().join())
                    .isEqualTo(written.get(id)));
        }
    }

    private static RowsWritten event(int key, long sequenceNr) {
        return new RowsWritten(
                "ticket",
                List.of("fare"),
                "f",
                List.of(new FeatureRow(sequenceNr, List.of(new Value.Float64(key + sequenceNr / 10.0)))),
                100 + sequenceNr,
                Optional.empty());
    }
}
