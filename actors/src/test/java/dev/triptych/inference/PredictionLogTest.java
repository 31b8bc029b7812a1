package dev.triptych.inference;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.inference.PredictionLog.Acknowledge;
import dev.triptych.inference.PredictionLog.AppendReply;
import dev.triptych.inference.PredictionLog.Appended;
import dev.triptych.inference.PredictionLog.NotAppended;
import dev.triptych.inference.domain.PredictionChain;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.inference.domain.Predictions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictionLogTest {

    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.getInstance().config())
            .withFallback(PersistenceTestKitSnapshotPlugin.getInstance().config())
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.load())
            .resolve());
    private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static int nodes;

    private final String node = "node-" + nodes++;
    private final String persistenceId = "prediction-log|" + node;
    private final ActorRef<PredictionLog.Command> log = KIT.spawn(PredictionLog.create(node));
    private final TestProbe<AppendReply> probe = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void letTheJournalGo() {
        JOURNAL.resetPolicy();
    }

    @Test
    void splitsACommitIntoEventsOfFiveHundred() {
        append(predictions(0, 1_200), Acknowledge.COMMITTED);

        probe.expectMessage(new Appended());
        assertThat(logged()).extracting(event -> event.predictions().size()).containsExactly(500, 500, 200);
        assertChained(logged());
    }

    @Test
    void goesOnWithItsChainAfterARestartAlsoFromASnapshot() {
        for (int i = 0; i < 120; i++) {
            append(predictions(i, 1), Acknowledge.COMMITTED);
            probe.expectMessage(new Appended());
        }
        KIT.stop(log);

        var restarted = KIT.spawn(PredictionLog.create(node));
        restarted.tell(new PredictionLog.Append(predictions(1_000, 1), Acknowledge.COMMITTED, probe.ref()::tell));

        probe.expectMessage(new Appended());
        assertThat(logged()).hasSize(121);
        assertChained(logged());
    }

    @Test
    void refusesWhatNoLongerFitsIntoItsBuffer() {
        var held = new HeldJournal(persistenceId);
        JOURNAL.withPolicy(held);
        append(predictions(0, 1), Acknowledge.COMMITTED);
        held.awaitReached();
        append(predictions(1, PredictionLog.PREDICTIONS_WAITING_MAX - 1), Acknowledge.COMMITTED);

        append(predictions(100_000, 2), Acknowledge.COMMITTED);

        var refused = (NotAppended) probe.receiveMessage();
        assertThat(refused.reason()).contains("full").contains("19999");
        held.release();
        probe.expectMessage(new Appended());
        probe.expectMessage(new Appended());
        assertThat(recorded()).hasSize(PredictionLog.PREDICTIONS_WAITING_MAX);
    }

    @Test
    void tellsWhoWaitsTooLongAndWritesAgainWhatItHadAcknowledged() {
        JOURNAL.failNextPersisted(persistenceId);
        append(predictions(0, 1), Acknowledge.BUFFERED);
        probe.expectMessage(new Appended());
        append(predictions(1, 1), Acknowledge.COMMITTED);
        probe.expectNoMessage(Duration.ZERO);

        // The commit that failed is never answered; the writer comes back after a pause.
        probe.awaitAssert(() -> {
            TIME.timePasses(PredictionLog.COMMIT_TIMEOUT);
            assertThat(recorded()).extracting(PredictionRecord::id).contains("id-0");
            return null;
        });

        assertThat(probe.receiveMessage()).isInstanceOf(NotAppended.class);
        assertThat(recorded()).extracting(PredictionRecord::id).doesNotContain("id-1");
        append(predictions(2, 1), Acknowledge.COMMITTED);
        probe.expectMessage(new Appended());
        assertChained(logged());
    }

    @Test
    void acknowledgesAnEmptyAppendAfterWhatCameBeforeIt() {
        append(predictions(0, 3), Acknowledge.BUFFERED);
        append(List.of(), Acknowledge.COMMITTED);

        probe.expectMessage(new Appended());
        probe.expectMessage(new Appended());

        assertThat(recorded()).hasSize(3);
    }

    private void append(List<PredictionRecord> predictions, Acknowledge when) {
        log.tell(new PredictionLog.Append(predictions, when, probe.ref()::tell));
    }

    private List<PredictionsLogged> logged() {
        return JOURNAL.persistedInStorage(persistenceId).stream()
                .map(PredictionsLogged.class::cast)
                .toList();
    }

    private List<PredictionRecord> recorded() {
        return logged().stream().flatMap(event -> event.predictions().stream()).toList();
    }

    private static void assertChained(List<PredictionsLogged> events) {
        String before = PredictionChain.GENESIS;
        for (PredictionsLogged event : events) {
            assertThat(PredictionChain.follows(before, event)).isTrue();
            before = event.chain();
        }
    }

    private static List<PredictionRecord> predictions(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> Predictions.byKey("id-" + i, "key-" + i, 0.5))
                .toList();
    }
}
