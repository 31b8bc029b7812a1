package dev.triptych.inference;

import static dev.triptych.inference.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import dev.triptych.inference.domain.KeyAsOf;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunOutcome.Completed;
import dev.triptych.schedule.domain.RunOutcome.Failed;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchInferenceTest {

    private static final long AS_OF = 2_000_000;
    private static final long LATER = 3_000_000;
    private static final List<String> PRESENT = IntStream.range(0, 2 * BatchInference.KEYS_PER_CHUNK + 50)
            .mapToObj(i -> "k%04d".formatted(i))
            .toList();

    private static TestNode node;

    private static final KeySelection QUERY =
            new KeySelection.Query("passenger", Path.of("keys.sql"), "SELECT ticket FROM person");

    private final StoredResults results = new StoredResults();
    private final ChosenKeys chosen = new ChosenKeys();

    @BeforeAll
    static void start() {
        node = new TestNode();
        PRESENT.parallelStream().forEach(key -> node.writePerson(key, 1_000_000, age(key), "male"));
        // What is written for later does not count yet.
        node.writePerson("k0001", LATER, 99, "male");
        node.writePerson("unborn", LATER, 0, "female");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void predictsEveryKeyThatHasARowAtTheRunsTime() {
        node.champion("whole", "0.3");
        var served = node.serve("whole", Audit.DURABLE);
        var progress = new ConcurrentLinkedQueue<RunProgress>();

        var outcome = (Completed) await(batch(served).run(request("r1", 1), progress::add));

        assertThat(outcome.counts())
                .isEqualTo(Map.of(
                        "predictions", (long) PRESENT.size(), "keysSkipped", 0L, "keysUnseen", 1L, "keysRefused", 0L));
        assertThat(outcome.notes()).containsEntry("version", "1").containsEntry("asOf", "1970-01-01T00:00:02Z");
        assertThat(results.file("r1")).extracting(BatchPrediction::key).isEqualTo(PRESENT);
        for (BatchPrediction prediction : results.file("r1")) {
            double[] scores = ScriptedModels.scores(
                    0.3,
                    List.of(
                            new Value.Float64(age(prediction.key())),
                            new Value.Text("male"),
                            Value.Null.NULL,
                            Value.Null.NULL));
            assertThat(prediction.scores()).containsExactly(scores[0], scores[1]);
            assertThat(prediction.output()).isEqualTo(scores[0] >= scores[1] ? "false" : "true");
            assertThat(prediction.asOfMicros()).isEqualTo(AS_OF);
        }
        assertThat(node.recorded(served))
                .hasSize(PRESENT.size())
                .allSatisfy(record -> assertThat(record.runId()).contains("r1"));
        assertThat(progress).last().isEqualTo(new RunProgress("predicting", PRESENT.size(), 0));
    }

    @Test
    void leavesOutAndCountsKeysWithoutAFeatureThatTheModelRequires() {
        int number = node.register("needy", "0.3", TestNode.SIGNATURE.requiring(List.of("ticket.class")));
        node.promote("needy", number);
        var served = node.serve("needy", Audit.DURABLE);
        // After the instant that others predict at.
        node.writeTicket(PRESENT.getFirst(), AS_OF + 500_000, 1);

        var outcome = (Completed) await(batch(served).run(asOf("needy", "1970-01-01T00:00:02.5Z"), progress -> {}));

        assertThat(outcome.counts()).containsEntry("predictions", 1L).containsEntry("keysRefused", PRESENT.size() - 1L);
        assertThat(results.file("needy")).extracting(BatchPrediction::key).containsExactly(PRESENT.getFirst());
        assertThat(node.recorded(served)).hasSize(1);
    }

    @Test
    void goesOnAfterACrashWithItsVersionAndWithoutPredictingAKeyTwice() {
        node.champion("crashed", "0.3");
        var served = node.serve("crashed", Audit.DURABLE);
        results.storesLeft.set(0);
        // The first attempt dies after two of its chunks are in the log, but not in the results.
        CompletionStage<RunOutcome> dead = batch(served).run(request("r2", 1), progress -> {});
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(results.storesMissed).hasValue(2);
            return null;
        });
        results.storesLeft.set(Integer.MAX_VALUE);
        node.champion("crashed", "0.4");

        var outcome = (Completed) await(batch(served).run(request("r2", 2), progress -> {}));

        assertThat(dead.toCompletableFuture()).isNotDone();
        assertThat(outcome.counts()).containsEntry("predictions", (long) PRESENT.size());
        assertThat(results.file("r2")).extracting(BatchPrediction::key).isEqualTo(PRESENT);
        assertThat(results.file("r2")).extracting(BatchPrediction::version).containsOnly(1);
        assertThat(node.recorded(served))
                .extracting(PredictionRecord::key)
                .containsExactlyInAnyOrderElementsOf(
                        PRESENT.stream().map(Optional::of).toList());
    }

    @Test
    void goesOverItsKeysAgainWhereSomethingWasAwayForAWhile() {
        node.champion("flaky", "0.3");
        var served = node.serve("flaky", Audit.OFF);
        results.otherwise = CompletableFuture.failedFuture(new IllegalStateException("the database is away"));
        results.storesLeft.set(1);
        var batch = batch(served);

        CompletionStage<RunOutcome> run = batch.run(request("r3", 1), progress -> {});
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(results.storesMissed.get()).isPositive();
            return null;
        });
        results.storesLeft.set(Integer.MAX_VALUE);

        var counts = ((Completed) await(run)).counts();
        assertThat(counts).containsEntry("predictions", (long) PRESENT.size());
        assertThat(counts.get("keysSkipped")).isGreaterThanOrEqualTo(BatchInference.KEYS_PER_CHUNK);
        assertThat(results.file("r3")).extracting(BatchPrediction::key).isEqualTo(PRESENT);
    }

    @Test
    void saysTheSameWhenARunIsRepeated() {
        node.champion("repeated", "0.3");
        var served = node.serve("repeated", Audit.DURABLE);
        await(batch(served).run(request("r4", 1), progress -> {}));
        List<BatchPrediction> first = results.file("r4");

        var again = (Completed) await(batch(served).run(request("r4", 2), progress -> {}));

        assertThat(results.file("r4")).isEqualTo(first);
        assertThat(again.counts())
                .containsEntry("predictions", (long) PRESENT.size())
                .containsEntry("keysSkipped", (long) PRESENT.size());
        assertThat(node.recorded(served)).hasSize(PRESENT.size());
    }

    @Test
    void predictsTheChosenKeysOnceEachThoughAnAttemptDiedAndAnotherChoiceWouldBeMadeNow() {
        node.champion("chosen", "0.3");
        var served = node.serve("chosen", Audit.DURABLE);
        List<String> wanted = IntStream.range(0, PRESENT.size())
                .filter(index -> index % 5 != 0)
                .mapToObj(PRESENT::get)
                .toList();
        chosen.next = wanted;
        results.storesLeft.set(0);
        CompletionStage<RunOutcome> dead = batch(served, QUERY).run(request("r8", 1), progress -> {});
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(results.storesMissed).hasValue(2);
            return null;
        });
        results.storesLeft.set(Integer.MAX_VALUE);
        chosen.next = PRESENT;

        var outcome = (Completed) await(batch(served, QUERY).run(request("r8", 2), progress -> {}));

        assertThat(dead.toCompletableFuture()).isNotDone();
        assertThat(outcome.counts())
                .containsEntry("predictions", (long) wanted.size())
                .containsEntry("keysUnseen", 1L);
        assertThat(results.file("r8")).extracting(BatchPrediction::key).isEqualTo(wanted);
        assertThat(node.recorded(served))
                .extracting(PredictionRecord::key)
                .containsExactlyInAnyOrderElementsOf(
                        wanted.stream().map(Optional::of).toList());
    }

    @Test
    void showsASelectionTheFeaturesAsTheyAreAtTheRunsInstant() {
        node.champion("shown", "0.3");
        var served = node.serve("shown", Audit.OFF);
        chosen.next = List.of("k0001");

        await(batch(served, QUERY).run(request("r9", 1), progress -> {}));

        assertThat(chosen.shown).extracting(KeyAsOf::key).isEqualTo(PRESENT);
        assertThat(chosen.shown.get(1).rows())
                .as("what is written for later is not known yet")
                .containsExactly(Optional.of(
                        new KeyAsOf.Row(1_000_000, List.of(new Value.Float64(age("k0001")), new Value.Text("male")))));
    }

    @Test
    void saysWhatIsWrongWithASelectionAndDoesNotTryAgain() {
        node.champion("wrong", "0.3");
        var served = node.serve("wrong", Audit.OFF);
        chosen.wrong = "keys.sql:2: no column tag";

        var outcome = (Failed) await(batch(served, QUERY).run(request("r10", 1), progress -> {}));

        assertThat(outcome.reason()).isEqualTo("keys.sql:2: no column tag");
    }

    @Test
    void readsAtTheInstantThatItIsAskedFor() {
        node.champion("asked", "0.3");
        var served = node.serve("asked", Audit.OFF);

        var outcome = (Completed) await(batch(served).run(asOf("r11", "1970-01-01T00:00:03Z"), progress -> {}));

        assertThat(outcome.counts()).containsEntry("predictions", PRESENT.size() + 1L);
        assertThat(results.file("r11")).extracting(BatchPrediction::asOfMicros).containsOnly(LATER);
    }

    @Test
    void refusesAnInstantThatHasNotComeOrIsNone() {
        node.champion("future", "0.3");
        var served = node.serve("future", Audit.OFF);

        for (String instant : List.of("2999-01-01T00:00:00Z", "yesterday")) {
            var outcome = (Failed) await(batch(served).run(asOf("r12", instant), progress -> {}));

            assertThat(outcome.reason()).startsWith("as-of: " + instant + " (expected: a time with its zone");
        }
    }

    @Test
    void failsAtOnceWhereNoVersionIsBehindTheAlias() {
        var served = node.serve("untrained", Audit.DURABLE);

        var outcome = (Failed) await(batch(served).run(request("r5", 1), progress -> {}));

        assertThat(outcome.reason()).contains("untrained").contains("champion");
    }

    @Test
    void failsForAPipelineThatIsNotDeclared() {
        var served = node.serve("undeclared", Audit.DURABLE);
        var request = new RunRequest(
                "r6",
                new PipelineId(TestNode.SYSTEM, PipelineKind.INFERENCE, "weekly"),
                1,
                AS_OF,
                Map.of(),
                Optional.empty());

        var outcome = (Failed) await(batch(served).run(request, progress -> {}));

        assertThat(outcome.reason()).contains("titanic/inference/weekly");
    }

    @Test
    void readsNoLaterThanNow() {
        node.champion("eager", "0.3");
        var served = node.serve("eager", Audit.OFF);
        var request = new RunRequest(
                "r7",
                new PipelineId(TestNode.SYSTEM, PipelineKind.INFERENCE, "nightly"),
                1,
                Micros.of(node.clock.instant()) + 3_600_000_000L,
                Map.of(),
                Optional.empty());

        await(batch(served).run(request, progress -> {}));

        assertThat(results.file("r7").getFirst().asOfMicros()).isLessThanOrEqualTo(Micros.of(node.clock.instant()));
    }

    private static RunRequest asOf(String runId, String instant) {
        return new RunRequest(
                runId,
                new PipelineId(TestNode.SYSTEM, PipelineKind.INFERENCE, "nightly"),
                1,
                AS_OF,
                Map.of(BatchInference.AS_OF, instant),
                Optional.empty());
    }

    private BatchInference batch(TestNode.Served served) {
        return batch(served, new KeySelection.OfView("person"));
    }

    private BatchInference batch(TestNode.Served served, KeySelection keys) {
        var view = new ViewDefinition(
                "person",
                "passenger",
                Optional.empty(),
                FeatureRead.Boundary.INCLUSIVE,
                List.of(
                        new FeatureDefinition("age", FeatureType.FLOAT64),
                        new FeatureDefinition("sex", FeatureType.STRING)),
                "v1");
        var pipeline = new InferencePipelineDefinition(
                "nightly", new Cadence.Manual(), served.deployment().name(), keys);
        var definition = new SystemDefinition(
                TestNode.SYSTEM,
                "",
                "hash",
                Path.of("."),
                List.of(new EntityDefinition("passenger", "ticket")),
                List.of(view),
                List.of(),
                List.of(),
                List.of(served.deployment()),
                List.of(pipeline));
        return new BatchInference(
                node.system(),
                name -> Optional.of(definition),
                Map.of(TestNode.SYSTEM + "/" + served.deployment().name(), served.actor()),
                node.versions,
                new WrittenKeys(),
                new LoggedPredictions(() -> node.recorded(served)),
                results,
                results,
                chosen,
                node.threads,
                node.clock);
    }

    private static RunRequest request(String runId, int attempt) {
        return new RunRequest(
                runId,
                new PipelineId(TestNode.SYSTEM, PipelineKind.INFERENCE, "nightly"),
                attempt,
                AS_OF,
                Map.of(),
                Optional.empty());
    }

    private static double age(String key) {
        return Integer.parseInt(key.substring(1)) / 100.0;
    }

    /** Keeps the first choice of a run, in which one key is unseen. */
    private static final class ChosenKeys implements SelectedKeys {
        private final Map<String, List<String>> kept = new ConcurrentHashMap<>();
        private volatile List<String> next = List.of();
        private volatile List<KeyAsOf> shown = List.of();
        private volatile String wrong = "";

        @Override
        public Selected of(BatchRun run, KeySelection selection, Choice choice, Supplier<KeysAsOf> from) {
            if (!wrong.isEmpty()) {
                throw new UnselectableException(wrong);
            }
            Iterator<SelectedKey> keys = Stream.concat(
                            kept.computeIfAbsent(run.runId(), id -> choose(from)).stream()
                                    .map(key -> new SelectedKey(key, true)),
                            Stream.of(new SelectedKey("unborn", false)))
                    .iterator();
            return new Selected() {
                @Override
                public boolean hasNext() {
                    return keys.hasNext();
                }

                @Override
                public SelectedKey next() {
                    return keys.next();
                }

                @Override
                public void close() {}
            };
        }

        private List<String> choose(Supplier<KeysAsOf> from) {
            var all = new ArrayList<KeyAsOf>();
            try (KeysAsOf keys = from.get()) {
                keys.forEachRemaining(all::add);
            }
            shown = all;
            return next;
        }
    }

    /** What was written, straight from the journal. */
    private static final class WrittenKeys implements OfflineStore {
        @Override
        public CompletionStage<Horizon> freeze() {
            return CompletableFuture.completedStage(Horizon.START);
        }

        @Override
        public Histories histories(String system, String entity, List<String> views, Horizon horizon) {
            var keys = new ArrayList<>(PRESENT);
            keys.add("unborn");
            Iterator<String> left = keys.iterator();
            return new Histories() {
                @Override
                public boolean hasNext() {
                    return left.hasNext();
                }

                @Override
                public KeyHistory next() {
                    String key = left.next();
                    List<FeatureJournal.Entry> entries =
                            await(node.journal.events(new EntityId(system, entity, key), Long.MAX_VALUE));
                    return new KeyHistory(
                            key,
                            entries.stream().map(FeatureJournal.Entry::event).toList());
                }

                @Override
                public void close() {}
            };
        }
    }
}
