package dev.triptych.audit;

import static dev.triptych.inference.TestNode.await;
import static dev.triptych.inference.TestNode.given;
import static dev.triptych.inference.TestNode.key;
import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.javadsl.Sink;
import dev.triptych.audit.ReplayResult.Differing;
import dev.triptych.audit.ReplayResult.Identical;
import dev.triptych.audit.ReplayResult.NotReplayable;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.Predicted;
import dev.triptych.inference.LoggedPredictions;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.TestNode;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.Value;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = new TestNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void findsEveryPredictionIdenticalWhateverWasWrittenAndPromotedSince() {
        node.champion("moving", "0.3");
        var served = node.serve("moving", Audit.DURABLE);
        for (int round = 0; round < 3; round++) {
            for (int passenger = 0; passenger < 8; passenger++) {
                // Past, present and future rows: what was visible then is what counts.
                long eventMicros = Micros.of(node.clock.instant()) + (round - 1) * 1_000_000L;
                node.writePerson("m" + passenger, eventMicros, 20 + round + passenger / 10.0, "male");
                node.predict(served, key("m" + passenger));
            }
            node.predict(served, given(Map.of("person.age", new Value.Float64(0.1 + round))));
            node.champion("moving", "0." + (7 + round));
            awaitVersion(served, round + 2);
        }
        var archive = new LoggedPredictions(() -> node.recorded(served));
        var replays = new Replays(archive, replay(), 4, node.clock);

        List<ReplayResult> results = await(replays.all(Filter.everything(7))
                .<ReplayResult>mapConcat(page -> page)
                .runWith(Sink.seq(), node.system()));

        List<PredictionRecord> recorded = await(archive.list(Filter.everything(1_000)));
        assertThat(results).hasSizeGreaterThanOrEqualTo(27).allMatch(Identical.class::isInstance);
        assertThat(results).extracting(ReplayResult::record).isEqualTo(recorded);
        assertThat(recorded.stream().map(PredictionRecord::version).distinct()).contains(1, 2, 3);
    }

    @Test
    void showsBothOutputsWhereTheRecordWasTamperedWith() {
        node.champion("honest", "0.3");
        var served = node.serve("honest", Audit.DURABLE);
        node.writePerson("h", 1_000, 30, "female");
        node.writePerson("h", 2_000, 31, "female");
        PredictionRecord record = predict(served, key("h"));
        double flipped = Math.nextUp(record.outputs().getFirst());

        var lastBit = replayed(with(
                record,
                1,
                2,
                record.asOfMicros(),
                List.of(flipped, record.outputs().getLast())));
        var earlierState = replayed(with(record, 1, 1, record.asOfMicros(), record.outputs()));
        var earlierTime = replayed(with(record, 1, 2, 1_500, record.outputs()));

        assertThat(replayed(record)).isEqualTo(new Identical(record));
        assertThat(((Differing) lastBit).outputs()).isEqualTo(record.outputs());
        assertThat(lastBit.record().outputs().getFirst()).isEqualTo(flipped);
        assertThat(earlierState).isInstanceOf(Differing.class);
        assertThat(earlierTime).isInstanceOf(Differing.class);
    }

    @Test
    void showsThatTheArtifactWasExchanged() {
        node.champion("exchanged", "0.31");
        var served = node.serve("exchanged", Audit.DURABLE);
        PredictionRecord record = predict(served, given(Map.of("person.age", new Value.Float64(40))));

        node.models.replace("hash-of-0.31", "0.32");

        assertThat(replayed(record)).isInstanceOf(Differing.class);
    }

    @Test
    void saysWhatIsMissing() {
        node.champion("gone", "0.33");
        var served = node.serve("gone", Audit.DURABLE);
        node.writePerson("g", 1_000, 30, "female");
        PredictionRecord record = predict(served, key("g"));

        var journal = (NotReplayable) replayed(with(record, 1, 9, record.asOfMicros(), record.outputs()));
        var version = (NotReplayable) replayed(with(record, 5, 1, record.asOfMicros(), record.outputs()));
        node.models.replace("hash-of-0.33", "not a number");
        var artifact = (NotReplayable) replayed(record);

        assertThat(journal.problem()).contains("titanic/passenger/g", "holds 1", "the 9");
        assertThat(version.problem()).contains("version 5", "titanic/gone");
        assertThat(artifact.problem()).contains("not a number");
    }

    @Test
    void saysErasedOfWhatWasErasedAndComputesWhatCameAfter() {
        node.champion("forgotten", "0.33");
        var served = node.serve("forgotten", Audit.DURABLE);
        node.writePerson("f", 1_000, 30, "female");
        PredictionRecord before = predict(served, key("f"));
        node.erase("f");
        node.writePerson("f", Micros.of(node.clock.instant()), 31, "male");
        PredictionRecord after = predict(served, key("f"));
        var replay = new Replay(ReplayTest::withoutErased, node.freshVersions(), node.threads);

        assertThat(await(replay.replay(List.of(before, after))))
                .containsExactly(new ReplayResult.Erased(before), new Identical(after));
    }

    /** The journal as its projection leaves it. */
    private static CompletionStage<List<FeatureJournal.Entry>> withoutErased(EntityId id, long toSequenceNr) {
        return node.journal
                .events(id, toSequenceNr)
                .thenApply(entries -> entries.stream()
                        .map(entry -> entry.sequenceNr() == 1
                                ? new FeatureJournal.Entry(
                                        1,
                                        new RowsWritten(
                                                "",
                                                List.of(),
                                                "",
                                                List.of(),
                                                entry.event().ingestMicros(),
                                                Optional.empty()))
                                : entry)
                        .toList());
    }

    @Test
    void replaysOneByItsId() {
        node.champion("single", "0.3");
        var served = node.serve("single", Audit.DURABLE);
        PredictionRecord record = predict(served, given(Map.of("sex", new Value.Text("male"))));
        var replays = new Replays(new LoggedPredictions(() -> node.recorded(served)), replay(), 1, node.clock);

        assertThat(await(replays.one(record.id()))).contains(new Identical(record));
        assertThat(await(replays.one("nothing"))).isEmpty();
    }

    @Test
    void endsWithWhatWasPredictedBeforeItBegan() {
        node.champion("endless", "0.3");
        var served = node.serve("endless", Audit.DURABLE);
        PredictionRecord before = predict(served, given(Map.of("sex", new Value.Text("male"))));
        PredictionRecord after = predict(served, given(Map.of("sex", new Value.Text("male"))));
        var between = Clock.offset(
                Clock.fixed(Micros.toInstant(after.predictedMicros()), node.clock.getZone()), Duration.ofNanos(-1_000));
        var replays = new Replays(new LoggedPredictions(() -> node.recorded(served)), replay(), 1, between);

        var results = await(replays.all(Filter.everything(10))
                .<ReplayResult>mapConcat(page -> page)
                .runWith(Sink.seq(), node.system()));

        assertThat(results).containsExactly(new Identical(before));
    }

    /** Loads everything anew, as a process that has just started. */
    private static Replay replay() {
        return new Replay(node.journal, node.freshVersions(), node.threads);
    }

    private static ReplayResult replayed(PredictionRecord record) {
        return await(replay().replay(record));
    }

    private static PredictionRecord predict(TestNode.Served served, Instance instance) {
        return ((Predicted) node.predict(served, instance))
                .predictions()
                .getFirst()
                .record();
    }

    private static void awaitVersion(TestNode.Served served, int version) {
        node.kit.createTestProbe().awaitAssert(() -> {
            PredictionRecord record = predict(served, given(Map.of("sex", new Value.Text("male"))));
            assertThat(record.version()).isEqualTo(version);
            return null;
        });
    }

    private static PredictionRecord with(
            PredictionRecord was, int version, long sequenceNr, long asOfMicros, List<Double> outputs) {
        return new PredictionRecord(
                was.id(),
                was.system(),
                was.deployment(),
                was.model(),
                version,
                was.key(),
                sequenceNr,
                asOfMicros,
                was.given(),
                outputs,
                was.predictedMicros(),
                Optional.empty());
    }
}
