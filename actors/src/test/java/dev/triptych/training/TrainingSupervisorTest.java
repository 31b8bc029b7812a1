package dev.triptych.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.training.ModelTrainer.UntrainableException;
import dev.triptych.training.TrainingSupervisor.Busy;
import dev.triptych.training.TrainingSupervisor.Command;
import dev.triptych.training.TrainingSupervisor.GetReply;
import dev.triptych.training.TrainingSupervisor.Run;
import dev.triptych.training.TrainingSupervisor.StartReply;
import dev.triptych.training.TrainingSupervisor.Started;
import dev.triptych.training.TrainingSupervisor.UnknownRun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Training from start to promotion, on an in-memory journal, with a real registry and a scripted trainer. */
class TrainingSupervisorTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);
    private static final SplitDefinition FOLDS = new SplitDefinition.KFold(5, Optional.of("house"));
    private static final String TRAINING = "training|" + SmallSystem.MODEL;

    private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.parseString("akka.loglevel = WARNING"))
            .withFallback(ConfigFactory.load())
            .resolve());
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final ScriptedTrainer trainer = new ScriptedTrainer();
    private final SmallSystem.FixedOfflineStore offlineStore =
            new SmallSystem.FixedOfflineStore(SmallSystem.histories());
    private final AtomicReference<SystemDefinition> system =
            new AtomicReference<>(SmallSystem.system(FOLDS, List.of(atLeast(0.8))));
    private final ActorRef<ModelRegistry.Command> registry =
            kit.spawn(ModelRegistry.create(SmallSystem.MODEL, NOON, changed -> {}));
    private ActorRef<Command> supervisor = spawn();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        threads.shutdownNow();
    }

    @Test
    void trainsRegistersAndPromotesTheFirstVersionThatPassesItsGates() {
        assertThat(start("r1")).isEqualTo(new Started("r1"));

        RunOutcome.Completed completed = completed("r1");

        // 59 people have an opinion, and the colour foretells all but every tenth of them; by hand: 54 of 59.
        assertThat(completed.counts())
                .containsEntry("datasetRows", 59L)
                .containsEntry("rowsWithoutLabel", 1L)
                .containsEntry("version", 1L)
                .containsEntry("promoted", 1L)
                .containsEntry("gatesPassed", 1L)
                .containsEntry("gatesFailed", 0L);
        assertThat(completed.notes())
                .containsEntry("metric.accuracy", "0.915254")
                .containsEntry("baseline.colour-only.accuracy", "0.915254")
                .containsKeys("datasetHash", "baseline.majority.accuracy", "gate.1");
        // Five folds, and once on all rows.
        assertThat(trainer.fits).hasValue(6);
        ModelVersion champion = registered().behind("champion").orElseThrow();
        assertThat(champion.contentHash()).isEqualTo("content-colour59");
        assertThat(champion.provenance().runId()).isEqualTo("r1");
        assertThat(champion.provenance().horizonOrdering()).isEqualTo(71);
        assertThat(champion.confusion()).isNotEmpty();
    }

    @Test
    void answersARepeatedStartWithTheSameRunAndAnotherOneWithBusy() throws InterruptedException {
        var fitting = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        trainer.script.add(() -> await(fitting, mayGoOn));
        start("r1");
        fitting.await();

        assertThat(start("r1")).isEqualTo(new Started("r1"));
        assertThat(start("r2")).isEqualTo(new Busy("r1"));

        mayGoOn.countDown();
        completed("r1");
        assertThat(start("r1")).isEqualTo(new Started("r1"));
        assertThat(registered().versions()).hasSize(1);
    }

    @Test
    void takesUpAnOpenRunAfterACrashOnTheSameHorizonAndRegistersOnce() throws InterruptedException {
        var fitting = new CountDownLatch(1);
        trainer.script.add(() -> await(fitting, new CountDownLatch(1)));
        start("r1");
        fitting.await();

        crash();

        completed("r1");
        assertThat(get("r1"))
                .isInstanceOfSatisfying(
                        Run.class, run -> assertThat(run.attempt()).isEqualTo(2));
        assertThat(offlineStore.frozen).isEqualTo(1);
        assertThat(registered().versions()).hasSize(1);
    }

    @Test
    void goesOnFromEveryEventOfARunAsIfThereHadBeenNoCrash() {
        start("r1");
        completed("r1");
        List<Object> events = journal.persistedInStorage(TRAINING);

        for (int survived = 1; survived < events.size(); survived++) {
            kit.stop(supervisor);
            journal.clearByPersistenceId(TRAINING);
            journal.persistForRecovery(TRAINING, events.subList(0, survived));
            supervisor = spawn();

            assertThat(completed("r1").counts()).as("after %d events", survived).containsEntry("version", 1L);
            assertThat(registered().versions()).hasSize(1);
        }
    }

    @Test
    void triesAgainWhereADriverFailsAndGivesUpAfterThreeAttempts() {
        trainer.script.add(failing("the disk is full"));
        start("r1");
        completed("r1");

        for (int attempt = 1; attempt <= TrainingSupervisor.ATTEMPTS_MAX; attempt++) {
            trainer.script.add(failing("the disk is full"));
        }
        start("r2");

        assertThat(ended("r2"))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).contains("3 attempts", "the disk is full"));
        assertThat(registered().versions()).hasSize(1);
    }

    @Test
    void doesNotTryAgainWhereTheDataRulesAModelOut() {
        trainer.script.add(() -> {
            throw new UntrainableException("size: null in 3 rows (expected: impute-mean)");
        });
        start("r1");

        assertThat(ended("r1"))
                .isEqualTo(new RunOutcome.Failed("size: null in 3 rows (expected: impute-mean)", List.of()));
        assertThat(trainer.fits).hasValue(1);
    }

    @Test
    void cancelsARunInTheMiddleAndStartsTheNext() throws InterruptedException {
        var fitting = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        trainer.script.add(() -> await(fitting, mayGoOn));
        start("r1");
        fitting.await();

        TestProbe<GetReply> probe = kit.createTestProbe(GetReply.class);
        supervisor.tell(new TrainingSupervisor.Cancel("r1", "operator", probe.ref()));

        assertThat(((Run) probe.receiveMessage()).outcome()).contains(new RunOutcome.Cancelled("operator"));
        mayGoOn.countDown();
        start("r2");
        completed("r2");
        assertThat(registered().versions()).hasSize(1);
        assertThat(registered().madeBy("r1")).isEmpty();
    }

    @Test
    void registersAVersionThatFailsItsGatesAndDoesNotPromoteIt() {
        system.set(SmallSystem.system(FOLDS, List.of(atLeast(0.99))));
        start("r1");

        RunOutcome.Completed completed = completed("r1");

        assertThat(completed.counts())
                .containsEntry("version", 1L)
                .containsEntry("promoted", 0L)
                .containsEntry("gatesFailed", 1L);
        assertThat(completed.notes().get("gate.1")).isEqualTo("accuracy >= 0.99: failed (0.915254 >= 0.99)");
        assertThat(registered().aliases()).isEmpty();
    }

    @Test
    void keepsTheChampionThatIsBetterOnTheSameFolds() {
        start("r1");
        completed("r1");
        var unskilled = new TrainerDefinition("scripted", Map.of("skill", "none"));
        system.set(SmallSystem.system(FOLDS, List.of(atLeast(0)), unskilled));

        start("r2");

        RunOutcome.Completed completed = completed("r2");
        assertThat(completed.counts()).containsEntry("version", 2L).containsEntry("promoted", 0L);
        assertThat(completed.notes().get("promotion"))
                .contains("worse than the champion's 0.915254", "recorded on the same dataset and folds");
        assertThat(registered().aliases()).containsEntry("champion", 1);
    }

    @Test
    void letsTheChampionAnswerTheHeldOutRowsOfAHashSplit() {
        var halves = new SplitDefinition.Hash(0.5, Optional.empty());
        var unskilled = new TrainerDefinition("scripted", Map.of("skill", "none"));
        system.set(SmallSystem.system(halves, List.of(atLeast(0)), unskilled));
        start("r1");
        completed("r1");
        system.set(SmallSystem.system(halves, List.of(atLeast(0.5))));

        start("r2");

        RunOutcome.Completed completed = completed("r2");
        assertThat(completed.counts()).containsEntry("promoted", 1L);
        assertThat(completed.notes().get("promotion")).contains("no worse than", "on the same held-out rows");
        // One fit a run: what was evaluated is what is registered.
        assertThat(trainer.fits).hasValue(2);
    }

    @Test
    void fitsAChampionsRecipeAgainWhereTheRowsAreOthers() {
        var unskilled = new TrainerDefinition("scripted", Map.of("skill", "none"));
        system.set(SmallSystem.system(FOLDS, List.of(atLeast(0)), unskilled));
        start("r1");
        completed("r1");
        system.set(SmallSystem.system(new SplitDefinition.KFold(4, Optional.empty()), List.of()));

        start("r2");

        assertThat(completed("r2").notes().get("promotion")).contains("its recipe fitted again on the same folds");
        assertThat(registered().aliases()).containsEntry("champion", 2);
    }

    @Test
    void saysThatNothingDefinesTheModel() {
        supervisor = kit.spawn(TrainingSupervisor.create(
                "small/other", name -> Optional.of(system.get()), ports(), registry, threads, NOON, Duration.ZERO));
        start("r1");

        assertThat(ended("r1"))
                .isInstanceOfSatisfying(
                        RunOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).contains("small/other"));
    }

    @Test
    void doesNotKnowARunThatNeverStarted() {
        assertThat(get("r9")).isEqualTo(new UnknownRun("r9"));
    }

    private ActorRef<Command> spawn() {
        return kit.spawn(TrainingSupervisor.create(
                SmallSystem.MODEL,
                name -> Optional.of(system.get()),
                ports(),
                registry,
                threads,
                NOON,
                Duration.ofMillis(10)));
    }

    private TrainingPorts ports() {
        return new TrainingPorts(offlineStore, (system, entity, dataset) -> {}, trainer, trainer, trainer);
    }

    private void crash() {
        kit.stop(supervisor);
        supervisor = spawn();
    }

    private StartReply start(String runId) {
        TestProbe<StartReply> probe = kit.createTestProbe(StartReply.class);
        supervisor.tell(new TrainingSupervisor.Start(SmallSystem.request(runId), probe.ref()));
        return probe.receiveMessage();
    }

    private GetReply get(String runId) {
        TestProbe<GetReply> probe = kit.createTestProbe(GetReply.class);
        supervisor.tell(new TrainingSupervisor.Get(runId, probe.ref()));
        return probe.receiveMessage();
    }

    private RunOutcome ended(String runId) {
        TestProbe<Object> waiting = kit.createTestProbe();
        return waiting.awaitAssert(
                Duration.ofSeconds(20),
                Duration.ofMillis(10),
                () -> ((Run) get(runId)).outcome().orElseThrow());
    }

    private RunOutcome.Completed completed(String runId) {
        RunOutcome outcome = ended(runId);
        assertThat(outcome).isInstanceOf(RunOutcome.Completed.class);
        return (RunOutcome.Completed) outcome;
    }

    private RegisteredModel registered() {
        TestProbe<RegisteredModel> probe = kit.createTestProbe(RegisteredModel.class);
        registry.tell(new ModelRegistry.Get(probe.ref()));
        return probe.receiveMessage();
    }

    private static GateDefinition atLeast(double accuracy) {
        return new GateDefinition("accuracy", GateDefinition.Comparison.AT_LEAST, accuracy, Optional.empty());
    }

    private static Runnable failing(String reason) {
        return () -> {
            throw new IllegalStateException(reason);
        };
    }

    private static void await(CountDownLatch reached, CountDownLatch mayGoOn) {
        reached.countDown();
        try {
            mayGoOn.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
