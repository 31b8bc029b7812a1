package dev.triptych.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadOnceTest {

    private static final int KEYS = 12;
    private static final int EVENTS = 8;

    private int eventsRead;

    /** Of {@value #EVENTS} events a key. */
    private final FeatureJournal journal = new FeatureJournal() {
        @Override
        public CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr) {
            List<Entry> entries = LongStream.rangeClosed(1, Math.min(EVENTS, toSequenceNr))
                    .mapToObj(number -> new Entry(number, written(id, number)))
                    .toList();
            eventsRead += entries.size();
            return CompletableFuture.completedStage(entries);
        }
    };

    private static RowsWritten written(EntityId id, long number) {
        var row = new FeatureRow(number, List.of(new Value.Text(id.key())));
        return new RowsWritten("placed", List.of("country"), "s", List.of(row), number, Optional.empty());
    }

    @Test
    void answersAsTheJournalDoesHoweverLittleItKeeps() {
        for (int eventsMax : new int[] {0, 1, 10, 40, 1_000}) {
            var random = new Random(eventsMax);
            var once = new ReadOnce(journal, eventsMax);
            for (int question = 0; question < 300; question++) {
                var asked = new HashMap<EntityId, Long>();
                for (int key = random.nextInt(4); key >= 0; key--) {
                    asked.put(id(random.nextInt(KEYS)), (long) random.nextInt(EVENTS + 1));
                }
                assertThat(answer(once, asked)).isEqualTo(answer(journal, asked));
            }
        }
    }

    @Test
    void readsAHistoryOnceAndAgainWhenMoreOfItIsAskedFor() {
        var once = new ReadOnce(journal, 1_000);
        for (int repeated = 0; repeated < 5; repeated++) {
            answer(once, Map.of(id(1), 3L, id(2), 4L));
        }
        answer(once, Map.of(id(1), 2L));
        assertThat(eventsRead).isEqualTo(7);
        answer(once, Map.of(id(1), 6L));
        assertThat(eventsRead).isEqualTo(13);
    }

    @Test
    void forgetsThoseNotAskedForLongest() {
        var once = new ReadOnce(journal, 8);
        answer(once, Map.of(id(1), 4L));
        answer(once, Map.of(id(2), 4L));
        answer(once, Map.of(id(1), 4L));
        answer(once, Map.of(id(3), 4L));
        eventsRead = 0;
        answer(once, Map.of(id(1), 4L));
        assertThat(eventsRead).isZero();
        answer(once, Map.of(id(2), 4L));
        assertThat(eventsRead).isEqualTo(4);
    }

    private static EntityId id(int key) {
        return new EntityId("shop", "order", "o" + key);
    }

    private static Map<EntityId, List<FeatureJournal.Entry>> answer(FeatureJournal journal, Map<EntityId, Long> asked) {
        return journal.events(asked).toCompletableFuture().join();
    }
}
