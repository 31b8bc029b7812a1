package dev.triptych.store.features;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The entity as its callers see it, on the journal of Akka's test kit. */
class FeatureEntityTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final long NOW = Micros.of(NOON);
    private static final EntityId ID = new EntityId("s", "e", "k/1");
    private static final List<FeatureRead> READS = List.of(
            read("whole", FeatureType.INT64),
            read("real", FeatureType.FLOAT64),
            read("text", FeatureType.STRING),
            read("flag", FeatureType.BOOL));

    private static final Config CONFIG = EventSourcedBehaviorTestKit.config()
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();
    private static final ActorTestKit KIT = ActorTestKit.create(CONFIG);

    private final RecordedJournal journal = new RecordedJournal();
    private final EventSourcedBehaviorTestKit<FeatureEntity.Command, FeatureEvent, FeatureState> entity =
            EventSourcedBehaviorTestKit.create(KIT.system(), create(ID));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void readsWhatWasWrittenWithItsTypesAlsoAfterARestart() {
        write(Optional.empty(), row(NOW - 1, 3L, 3.0, "déjà", true));

        entity.restart();

        var answer = (FeatureEntity.Answer) read(Optional.empty(), Optional.empty());
        assertThat(answer.sequenceNr()).isEqualTo(1);
        assertThat(answer.asOfMicros()).isEqualTo(NOW);
        assertThat(answer.vector().values().stream().map(FeatureValue::value))
                .containsExactly(
                        new Value.Int64(3), new Value.Float64(3.0), new Value.Text("déjà"), new Value.Bool(true));
    }

    @Test
    void acknowledgesARepeatedWriteIdAndChangesNothing() {
        write(Optional.of("w1"), row(NOW - 1, 3L, 3.0, "a", true));

        var again = entity.<FeatureEntity.WriteReply>runCommand(
                replyTo -> command(Optional.of("w1"), replyTo, row(NOW, 9L, 9.0, "z", false)));

        assertThat(again.hasNoEvents()).isTrue();
        assertThat(again.reply()).isInstanceOf(FeatureEntity.Written.class);
    }

    @Test
    void recognisesRowsThatAreNoLongerInMemory() {
        var rows = new ArrayList<FeatureRow>();
        for (int i = 0; i < 200; i++) {
            rows.add(row(NOW - 1_000 + i, (long) i, 0.5, "a", true));
        }
        rows.forEach(row -> write(Optional.empty(), row));

        var again = entity.<FeatureEntity.WriteReply>runCommand(
                replyTo -> command(Optional.empty(), replyTo, rows.getFirst()));

        assertThat(again.hasNoEvents()).isTrue();
        assertThat(again.reply()).isEqualTo(new FeatureEntity.Written(200, 0, 1, 0));
    }

    @Test
    void readsErasedOnceItWasErasedAlsoAfterARestart() {
        write(Optional.empty(), row(NOW - 1, 3L, 3.0, "a", true));

        assertThat(erase().reply()).isEqualTo(new FeatureEntity.KeyErased(2));
        entity.restart();

        for (Optional<Long> asOf : List.of(Optional.<Long>empty(), Optional.of(NOW - 1))) {
            for (Optional<Long> knownAt : List.of(Optional.<Long>empty(), Optional.of(Long.MAX_VALUE))) {
                var answer = (FeatureEntity.Answer) read(asOf, knownAt);
                assertThat(answer.vector().values())
                        .allSatisfy(value -> assertThat(value.status()).isEqualTo(FeatureValue.Status.ERASED));
            }
        }
    }

    @Test
    void erasesOnceHoweverOftenItIsAsked() {
        assertThat(erase().reply()).isEqualTo(new FeatureEntity.NothingToErase());
        write(Optional.empty(), row(NOW - 1, 3L, 3.0, "a", true));
        erase();

        var again = erase();

        assertThat(again.hasNoEvents()).isTrue();
        assertThat(again.reply()).isEqualTo(new FeatureEntity.KeyErased(2));
    }

    @Test
    void takesNoRowOfBeforeTheErasureAgainAndBeginsANewLifeAfterIt() {
        FeatureRow past = row(NOW - 1, 3L, 3.0, "a", true);
        FeatureRow forecast = row(NOW + 5, 4L, 4.0, "a", true);
        FeatureRow later = row(NOW + 6, 5L, 5.0, "b", true);
        write(Optional.empty(), past);
        write(Optional.empty(), forecast);
        erase();

        var reply = entity.<FeatureEntity.WriteReply>runCommand(
                        replyTo -> command(Optional.empty(), replyTo, past, forecast, later))
                .reply();

        assertThat(reply).isEqualTo(new FeatureEntity.Written(4, 1, 0, 2));
        assertThat(((FeatureEntity.Answer) read(Optional.of(NOW + 6), Optional.empty()))
                        .vector()
                        .values()
                        .getFirst()
                        .value())
                .isEqualTo(new Value.Int64(5));
    }

    @Test
    void wantsToKnowWhoErasesAndWhy() {
        write(Optional.empty(), row(NOW - 1, 3L, 3.0, "a", true));

        var reply = entity.<FeatureEntity.EraseReply>runCommand(
                        replyTo -> new FeatureEntity.Erase("somebody", " ", replyTo))
                .reply();

        assertThat(((FeatureEntity.Refused) reply).reason().field()).isEqualTo("reason");
    }

    @Test
    void readsThePastFromTheJournal() {
        for (int i = 0; i < 200; i++) {
            write(Optional.empty(), row(NOW - 1_000 + i, (long) i, 0.5, "a", true));
        }

        var early = (FeatureEntity.Answer) read(Optional.of(NOW - 1_000 + 7), Optional.empty());
        var none = (FeatureEntity.Answer) read(Optional.of(NOW - 1_001), Optional.empty());

        assertThat(early.vector().values().getFirst().value()).isEqualTo(new Value.Int64(7));
        assertThat(none.vector().values())
                .allSatisfy(value -> assertThat(value.status()).isEqualTo(FeatureValue.Status.NOT_FOUND));
    }

    @Test
    void answersWhatWasKnownAtAnIngestTime() {
        write(Optional.empty(), row(NOW - 10, 1L, 0.5, "first", true));
        write(Optional.empty(), row(NOW - 10, 2L, 0.5, "corrected", true));
        long firstIngest = journal.entries.getFirst().event().ingestMicros();

        var then = (FeatureEntity.Answer) read(Optional.empty(), Optional.of(firstIngest));
        var now = (FeatureEntity.Answer) read(Optional.empty(), Optional.empty());

        assertThat(then.vector().values().get(2).value()).isEqualTo(new Value.Text("first"));
        assertThat(then.sequenceNr()).isEqualTo(1);
        assertThat(now.vector().values().get(2).value()).isEqualTo(new Value.Text("corrected"));
    }

    @Test
    void readersOnTheNodeSeeEveryAcknowledgedWriteUntilTheEntityGoes() {
        var id = new EntityId("s", "e", "live");
        var written = KIT.<FeatureEntity.WriteReply>createTestProbe();
        var read = KIT.<FeatureEntity.ReadReply>createTestProbe();
        ActorRef<FeatureEntity.Command> living = KIT.spawn(create(id));
        living.tell(command(Optional.empty(), written.ref(), row(NOW - 1, 0L, 0.5, "a", true)));
        written.receiveMessage();
        assertThat(live(id)).isEmpty();

        for (long i = 1; i <= 20; i++) {
            living.tell(
                    new FeatureEntity.Read(READS, Optional.empty(), Optional.empty(), Optional.empty(), read.ref()));
            FeatureEntity.ReadReply answer = read.receiveMessage();
            assertThat(live(id).orElseThrow()).isEqualTo(answer);
            living.tell(command(Optional.empty(), written.ref(), row(NOW - 1, i, 0.5, "a", true)));
            written.receiveMessage();
            assertThat(live(id).orElseThrow().vector().values().getFirst().value())
                    .isEqualTo(new Value.Int64(i));
        }

        living.tell(FeatureEntity.LetGo.LET_GO);
        written.expectTerminated(living);
        assertThat(live(id)).isEmpty();
    }

    private static Optional<FeatureEntity.Answer> live(EntityId id) {
        return LiveStates.get(KIT.system()).read(id, READS, Optional.empty(), Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @Test
    void givesEveryWriteALaterIngestTimeThoughTheClockStands() {
        for (int i = 0; i < 5; i++) {
            write(Optional.empty(), row(NOW - i, (long) i, 0.5, "a", true));
        }

        assertThat(journal.entries.stream().map(entry -> entry.event().ingestMicros()))
                .containsExactly(NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 4);
    }

    @Test
    void keepsALateRowThatIsOlderThanWhatIsInMemory() {
        for (int i = 0; i < 100; i++) {
            write(Optional.empty(), row(NOW - 1_000 + i, (long) i, 0.5, "a", true));
        }

        write(Optional.empty(), row(NOW - 2_000, 77L, 0.5, "late", true));

        var early = (FeatureEntity.Answer) read(Optional.of(NOW - 1_500), Optional.empty());
        assertThat(early.vector().values().getFirst().value()).isEqualTo(new Value.Int64(77));
        assertThat(early.sequenceNr()).isEqualTo(101);
    }

    @Test
    void showsARowOfTheFutureFromItsTimeOn() {
        write(Optional.empty(), row(NOW, 1L, 0.5, "measured", true), row(NOW + 10, 2L, 0.5, "forecast", true));

        var now = (FeatureEntity.Answer) read(Optional.empty(), Optional.empty());
        var then = (FeatureEntity.Answer) read(Optional.of(NOW + 10), Optional.empty());

        assertThat(now.vector().values().get(2).value()).isEqualTo(new Value.Text("measured"));
        assertThat(then.vector().values().get(2).value()).isEqualTo(new Value.Text("forecast"));
    }

    @Test
    void goesOnFromASnapshotAsBefore() {
        for (int i = 0; i < 120; i++) {
            write(Optional.of("w" + i), row(NOW - 1_000 + i, (long) i, 0.5, "a", true));
        }
        FeatureState before = entity.getState();

        assertThat(entity.restart().state()).isEqualTo(before);
    }

    @Test
    void saysThatThePastCannotBeReadWhileTheJournalIsAway() {
        write(Optional.empty(), row(NOW - 10, 1L, 0.5, "a", true));
        journal.away = true;

        assertThat(read(Optional.empty(), Optional.of(NOW)))
                .isEqualTo(new FeatureEntity.JournalUnavailable("connection refused"));
        assertThat(read(Optional.empty(), Optional.empty())).isInstanceOf(FeatureEntity.Answer.class);
    }

    @Test
    void refusesAnInvalidLateRowWithoutReadingTheJournal() {
        for (int i = 0; i < 100; i++) {
            write(Optional.empty(), row(NOW - 1_000 + i, (long) i, 0.5, "a", true));
        }
        journal.away = true;

        var refused = entity.<FeatureEntity.WriteReply>runCommand(
                replyTo -> command(Optional.empty(), replyTo, row(NOW - 2_000, 1L, Double.NaN, "a", true)));

        assertThat(refused.reply()).isInstanceOf(FeatureEntity.Refused.class);
    }

    @Test
    void refusesWhatIsNotANumberNamingTheField() {
        var refused = entity.<FeatureEntity.WriteReply>runCommand(
                replyTo -> command(Optional.empty(), replyTo, row(NOW, 1L, Double.NaN, "a", true)));

        assertThat(refused.hasNoEvents()).isTrue();
        assertThat(refused.reply())
                .isEqualTo(new FeatureEntity.Refused(
                        new Invalid("rows[0].values.real", "NaN", "a finite number, or null")));
    }

    @Test
    void listsEveryRowOfAViewNewestFirst() {
        write(Optional.empty(), row(NOW - 10, 1L, 0.5, "old", true));
        write(Optional.empty(), row(NOW - 5, 2L, 0.5, "new", true));
        write(Optional.empty(), row(NOW - 20, 3L, 0.5, "late", true));

        var rows = (FeatureEntity.Rows)
                entity.<FeatureEntity.HistoryReply>runCommand(replyTo -> new FeatureEntity.History("v", 2, replyTo))
                        .reply();

        assertThat(rows.rows().stream().map(stored -> stored.row().values().get(2)))
                .containsExactly(new Value.Text("new"), new Value.Text("old"));
    }

    private Behavior<FeatureEntity.Command> create(EntityId id) {
        return FeatureEntity.create(id, journal, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private void write(Optional<String> writeId, FeatureRow... rows) {
        var written = entity.<FeatureEntity.WriteReply>runCommand(replyTo -> command(writeId, replyTo, rows));
        assertThat(written.reply()).isInstanceOf(FeatureEntity.Written.class);
        keep(written.events());
    }

    private EventSourcedBehaviorTestKit.CommandResultWithReply<
                    FeatureEntity.Command, FeatureEvent, FeatureState, FeatureEntity.EraseReply>
            erase() {
        var erased = entity.<FeatureEntity.EraseReply>runCommand(
                replyTo -> new FeatureEntity.Erase("somebody", "asked for it", replyTo));
        keep(erased.events());
        return erased;
    }

    private void keep(List<FeatureEvent> events) {
        events.forEach(event -> journal.entries.add(new FeatureJournal.Entry(journal.entries.size() + 1L, event)));
    }

    private FeatureEntity.ReadReply read(Optional<Long> asOf, Optional<Long> knownAt) {
        return entity.<FeatureEntity.ReadReply>runCommand(
                        replyTo -> new FeatureEntity.Read(READS, asOf, knownAt, Optional.empty(), replyTo))
                .reply();
    }

    private static FeatureEntity.Write command(
            Optional<String> writeId, ActorRef<FeatureEntity.WriteReply> replyTo, FeatureRow... rows) {
        return new FeatureEntity.Write(
                "v",
                List.of("whole", "real", "text", "flag"),
                "ifsb",
                List.of(rows),
                writeId,
                Optional.empty(),
                replyTo);
    }

    private static FeatureRow row(long eventMicros, long whole, double real, String text, boolean flag) {
        return new FeatureRow(
                eventMicros,
                List.of(new Value.Int64(whole), new Value.Float64(real), new Value.Text(text), new Value.Bool(flag)));
    }

    private static FeatureRead read(String feature, FeatureType type) {
        return new FeatureRead("v", feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }

    /** The events the entity persisted, read again. */
    private static final class RecordedJournal implements FeatureJournal {
        private final List<Entry> entries = new ArrayList<>();
        private boolean away;

        @Override
        public CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr) {
            assertThat(id).isEqualTo(ID);
            if (away) {
                return CompletableFuture.failedStage(new IllegalStateException("connection refused"));
            }
            return CompletableFuture.completedStage(entries.stream()
                    .filter(entry -> entry.sequenceNr() <= toSequenceNr)
                    .toList());
        }
    }
}
