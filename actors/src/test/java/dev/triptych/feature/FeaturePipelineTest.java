package dev.triptych.feature;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.ProcessingPolicy;
import akka.persistence.testkit.ProcessingResult;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.StorageFailure;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.SystemParser;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.feature.Extraction.KeyRows;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline as the scheduler runs it, on sharded entities in a cluster of one. */
class FeaturePipelineTest {

    private static final int IN_FLIGHT_MAX = 4;
    private static final long NOW = 1_700_000_000_000_000L;

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseString("""
                    akka.actor.provider = cluster
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster { jmx.enabled = off, roles = [feature] }
                    akka.coordinated-shutdown.exit-jvm = off
                    akka.loglevel = WARNING
                    """)
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.load())
            .resolve());
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @TempDir
    static Path folder;

    private static SystemDefinition system;

    private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
    private final ConcurrentLinkedQueue<RunProgress> progress = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void join() throws IOException {
        Cluster cluster = Cluster.get(KIT.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        FeatureEntity.init(
                KIT.system(),
                (id, to) -> CompletableFuture.failedStage(new IllegalStateException("rows older than those kept")),
                Clock.systemUTC());
        Path shop = Files.createDirectories(folder.resolve("shop"));
        Files.writeString(shop.resolve("items.csv"), "item,seen,amount\n");
        Files.writeString(shop.resolve("items.sql"), "SELECT item, seen AS event_time, amount FROM source");
        Files.writeString(shop.resolve("system.conf"), """
                system { name = shop }
                entities { item { key = item } }
                views { items { entity = item, features { amount = float64 } } }
                feature-pipelines {
                  load {
                    cadence = manual
                    source {
                      format = csv
                      files = ["items.csv"]
                      columns { item = string, seen = timestamp, amount = float64 }
                    }
                    writes { items = "items.sql" }
                  }
                }
                """);
        system = SystemParser.parse(shop).system().orElseThrow();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
        THREADS.shutdownNow();
    }

    @BeforeEach
    void forget() {
        journal.resetPolicy();
    }

    @Test
    void countsWhatItDidAndKeepsTheCursor() throws Exception {
        RunOutcome outcome = run("r1", rows("counted", 3, 2), 9, List.of("items.csv:4: amount: much"));

        assertThat(outcome)
                .isEqualTo(new RunOutcome.Completed(
                        Map.of("rowsRead", 9L, "rowsWritten", 6L, "rowsUnchanged", 0L, "rowsRejected", 1L),
                        Map.of(),
                        List.of("items.csv:4: amount: much"),
                        Optional.of("here")));
        assertThat(progress).contains(new RunProgress("writing rows", 0, 6));
        assertThat(stored("counted", 0)).hasSize(1);
    }

    @Test
    void addsNothingWhereTheSameRowsComeAgain() throws Exception {
        run("r2", rows("again", 3, 2), 6, List.of());

        RunOutcome outcome = run("r3", rows("again", 3, 2), 6, List.of());

        assertThat(counts(outcome)).containsEntry("rowsWritten", 0L).containsEntry("rowsUnchanged", 6L);
        assertThat(stored("again", 2)).hasSize(1);
    }

    @Test
    void neverHasMoreWritesInFlightThanItMay() throws Exception {
        List<KeyRows> all = rows("many", 60, 1);
        var given = new Iterator<KeyRows>() {
            private int next;
            private int mostAhead;

            @Override
            public boolean hasNext() {
                return next < all.size();
            }

            @Override
            public KeyRows next() {
                long acknowledgedAtMost = IntStream.range(0, next)
                        .filter(key -> !stored("many", key).isEmpty())
                        .count();
                mostAhead = Math.max(mostAhead, (int) (next - acknowledgedAtMost));
                return all.get(next++);
            }
        };

        assertThat(counts(run("r4", given, 60, 60, List.of()))).containsEntry("rowsWritten", 60L);

        assertThat(given.mostAhead).isBetween(1, IN_FLIGHT_MAX);
    }

    @Test
    void failsAndWritesNothingWhereTheSourceCannotBeRead() throws Exception {
        Extraction unreadable = (any, pipeline, request) -> {
            throw new UnreadableSourceException("items.csv:2: amount: much (expected: a finite number)", List.of("a"));
        };

        assertThat(end("r5", unreadable))
                .isEqualTo(
                        new RunOutcome.Failed("items.csv:2: amount: much (expected: a finite number)", List.of("a")));
    }

    @Test
    void writesEachRowOnceWhereTheJournalFailsMeanwhile() throws Exception {
        journal.failNextPersisted(persistenceId("failing", 1));

        RunOutcome outcome = end(
                impatient(
                        (any, pipeline, request) ->
                                new Given(rows("failing", 3, 2).iterator(), 6, 6, 0, List.of()),
                        30),
                "r6");

        assertThat(counts(outcome)).containsEntry("rowsWritten", 6L);
        for (int key = 0; key < 3; key++) {
            assertThat(stored("failing", key))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            FeatureEvent.RowsWritten.class,
                            written -> assertThat(written.rows()).hasSize(2));
        }
    }

    @Test
    void failsByTheKeyThatCannotBeWrittenAndWritesEachRowOnceWhenRunAgain() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        journal.withPolicy(new ProcessingPolicy<JournalOperation>() {
            @Override
            public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
                return operation instanceof WriteEvents && away.get() && persistenceId.equals(persistenceId("away", 1))
                        ? StorageFailure.create(new IllegalStateException("no space left"))
                        : ProcessingSuccess.getInstance();
            }
        });
        FeaturePipeline impatient = impatient(
                (any, pipeline, request) -> new Given(rows("away", 3, 2).iterator(), 6, 6, 0, List.of()), 2);

        assertThat(end(impatient, "r8"))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("the rows of key away1 could not be written: ")
                                .contains("run it again"));
        away.set(false);
        RunOutcome again = end(
                "r8", (any, pipeline, request) -> new Given(rows("away", 3, 2).iterator(), 6, 6, 0, List.of()));

        assertThat(counts(again)).containsEntry("rowsWritten", 2L).containsEntry("rowsUnchanged", 4L);
        for (int key = 0; key < 3; key++) {
            assertThat(stored("away", key)).hasSize(1);
        }
    }

    @Test
    void endsOnlyWhenItNoLongerWritesWhereTheRowsEndInAnError() throws Exception {
        Iterator<KeyRows> sound = rows("cut", 3, 1).iterator();
        var cut = new Iterator<KeyRows>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public KeyRows next() {
                if (sound.hasNext()) {
                    return sound.next();
                }
                throw new UnreadableSourceException("the result cannot be read", List.of());
            }
        };

        assertThat(run("r9", cut, 4, 4, List.of()))
                .isEqualTo(new RunOutcome.Failed("the result cannot be read", List.of()));
        for (int key = 0; key < 3; key++) {
            assertThat(stored("cut", key)).hasSize(1);
        }
    }

    @Test
    void stopsBeforeTheNextWriteWhereItIsCancelled() throws Exception {
        List<KeyRows> all = rows("cancelled", 60, 1);
        var begun = new AtomicInteger();
        var cancelling = new AtomicReference<FeaturePipeline>();
        FeaturePipeline pipeline = pipeline((any, declared, request) -> new Given(
                all.stream()
                        .peek(each -> {
                            if (begun.incrementAndGet() == 5) {
                                cancelling.get().cancel(request, "ann");
                            }
                        })
                        .iterator(),
                60,
                60,
                0,
                List.of()));
        cancelling.set(pipeline);

        assertThat(end(pipeline, "r10")).isEqualTo(new RunOutcome.Cancelled("ann"));

        assertThat(begun).hasValue(5);
        pipeline.cancel(request("r10"), "somebody too late");
        assertThat(counts(run("r10", all, 60, List.of())))
                .as("the fifth was read, and no longer written")
                .containsEntry("rowsWritten", 56L)
                .containsEntry("rowsUnchanged", 4L);
    }

    @Test
    void endsAtOnceWhereRowsAreRefused() throws Exception {
        List<KeyRows> all = new ArrayList<>(rows("refused", 60, 1));
        all.set(0, new KeyRows("refused0", List.of(new FeatureRow(NOW, List.of(new Value.Text("much"))))));

        assertThat(run("r11", all, 60, List.of()))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .isEqualTo("rows were refused, the first: key refused0: rows[0].values.amount: much"
                                        + " (expected: float64)"));
        assertThat(stored("refused", 59)).isEmpty();
    }

    @Test
    void failsWhereNothingDefinesThePipeline() throws Exception {
        var request = new RunRequest(
                "r7", new PipelineId("shop", PipelineKind.FEATURE, "unload"), 1, NOW, Map.of(), Optional.empty());

        assertThat(pipeline((any, pipeline, unread) -> {
                            throw new IllegalStateException("must not be asked");
                        })
                        .run(request, progress::add)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo(new RunOutcome.Failed("shop/feature/unload is not declared on this node", List.of()));
    }

    private List<Object> stored(String prefix, int key) {
        return journal.persistedInStorage(persistenceId(prefix, key));
    }

    private static String persistenceId(String prefix, int key) {
        return "feature|shop/item/" + prefix + key;
    }

    private static Map<String, Long> counts(RunOutcome outcome) {
        assertThat(outcome).isInstanceOf(RunOutcome.Completed.class);
        return ((RunOutcome.Completed) outcome).counts();
    }

    private static List<KeyRows> rows(String prefix, int keys, int rowsPerKey) {
        var rows = new ArrayList<KeyRows>();
        for (int key = 0; key < keys; key++) {
            rows.add(new KeyRows(
                    prefix + key,
                    IntStream.range(0, rowsPerKey)
                            .mapToObj(row -> new FeatureRow(NOW + row, List.of(new Value.Float64(row))))
                            .toList()));
        }
        return rows;
    }

    private RunOutcome run(String runId, List<KeyRows> rows, long rowsRead, List<String> rejections) throws Exception {
        int toWrite = rows.stream().mapToInt(each -> each.rows().size()).sum();
        return run(runId, rows.iterator(), rowsRead, toWrite, rejections);
    }

    private RunOutcome run(
            String runId, Iterator<KeyRows> rows, long rowsRead, long rowsToWrite, List<String> rejections)
            throws Exception {
        return end(
                runId,
                (any, pipeline, request) -> new Given(rows, rowsRead, rowsToWrite, rejections.size(), rejections));
    }

    private RunOutcome end(String runId, Extraction extraction) throws Exception {
        return end(pipeline(extraction), runId);
    }

    private RunOutcome end(FeaturePipeline pipeline, String runId) throws Exception {
        return pipeline.run(request(runId), progress::add).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static RunRequest request(String runId) {
        return new RunRequest(
                runId, new PipelineId("shop", PipelineKind.FEATURE, "load"), 1, NOW, Map.of(), Optional.empty());
    }

    private static FeaturePipeline pipeline(Extraction extraction) {
        return new FeaturePipeline(KIT.system(), Map.of("shop", system), extraction, THREADS, IN_FLIGHT_MAX);
    }

    private static FeaturePipeline impatient(Extraction extraction, int writeAttemptsMax) {
        return new FeaturePipeline(
                KIT.system(),
                Map.of("shop", system),
                extraction,
                THREADS,
                IN_FLIGHT_MAX,
                Duration.ofMillis(300),
                writeAttemptsMax);
    }

    /** Rows that need no extracting. */
    private record Given(
            Iterator<KeyRows> keyRows, long rowsRead, long rowsToWrite, long rowsRejected, List<String> rejections)
            implements Extraction.Extracted {

        @Override
        public Optional<String> cursor() {
            return Optional.of("here");
        }

        @Override
        public Iterator<KeyRows> rows(FeaturePipelineDefinition.Output output) {
            return keyRows;
        }

        @Override
        public void close() {}
    }
}
