package dev.triptych.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.models.ModelChanges;
import dev.triptych.store.models.ModelChanges.ModelChanged;
import dev.triptych.store.models.ModelRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pipeline as the scheduler runs it: supervisor and registry sharded, in a cluster of one. */
class TrainingPipelineTest {

    private static final Function<String, Optional<SystemDefinition>> SYSTEMS = name -> name.equals("small")
            ? Optional.of(SmallSystem.system(new SplitDefinition.KFold(3, Optional.empty()), List.of()))
            : Optional.empty();
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseString("""
                    akka.actor.provider = cluster
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster { jmx.enabled = off, roles = [training] }
                    akka.coordinated-shutdown.exit-jvm = off
                    akka.loglevel = WARNING
                    """)
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.load())
            .resolve());
    private static final ExecutorService THREADS = Executors.newSingleThreadExecutor();
    private static final ScriptedTrainer TRAINER = new ScriptedTrainer();

    private final TrainingPipeline pipeline =
            new TrainingPipeline(KIT.system(), SYSTEMS, (system, model) -> CompletableFuture.completedStage("served"));
    private final Queue<RunProgress> progress = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void join() {
        Cluster cluster = Cluster.get(KIT.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        ModelRegistry.init(KIT.system(), Clock.systemUTC());
        var offlineStore = new SmallSystem.FixedOfflineStore(SmallSystem.histories());
        TrainingSupervisor.init(
                KIT.system(),
                SYSTEMS,
                new TrainingPorts(offlineStore, (system, entity, dataset) -> {}, TRAINER, TRAINER, TRAINER),
                THREADS,
                Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
        THREADS.shutdownNow();
    }

    @Test
    void runsToAVersionOfWhichEveryNodeHears() throws Exception {
        TestProbe<ModelChanged> listener = KIT.createTestProbe(ModelChanged.class);
        ModelChanges.get(KIT.system()).subscribe(listener.ref());

        RunOutcome outcome = end(run("r1"));

        assertThat(outcome).isInstanceOf(RunOutcome.Completed.class);
        assertThat(listener.receiveMessage(Duration.ofSeconds(10))).isEqualTo(new ModelChanged(SmallSystem.MODEL));
        assertThat(end(run("r1"))).as("the same run again").isEqualTo(outcome);
    }

    @Test
    void isNotOverBeforeEveryNodeServesWhatItPromoted() throws Exception {
        var served = new CompletableFuture<String>();
        var asked = new CountDownLatch(1);
        var waiting = new TrainingPipeline(KIT.system(), SYSTEMS, (system, model) -> {
            assertThat(system.name() + "/" + model).isEqualTo(SmallSystem.MODEL);
            asked.countDown();
            return served;
        });

        CompletableFuture<RunOutcome> run =
                waiting.run(request("r0", "likes"), progress::add).toCompletableFuture();
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(run).isNotDone();
        served.complete("served");

        assertThat(end(run)).isInstanceOf(RunOutcome.Completed.class);
    }

    @Test
    void tellsHowFarItIsAndEndsWhenItIsCancelled() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        TRAINER.script.add(() -> {
            try {
                mayGoOn.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<RunOutcome> run = run("r2");
        TestProbe<Object> waiting = KIT.createTestProbe();
        waiting.awaitAssert(Duration.ofSeconds(10), () -> {
            assertThat(progress).contains(new RunProgress("fitting", 0, 4));
            return "fitting";
        });

        pipeline.cancel(request("r2", "likes"), "operator");

        assertThat(end(run)).isEqualTo(new RunOutcome.Cancelled("operator"));
        mayGoOn.countDown();
    }

    @Test
    void failsWhereNothingDefinesThePipeline() throws Exception {
        assertThat(end(pipeline.run(request("r3", "dislikes"), progress::add).toCompletableFuture()))
                .isEqualTo(new RunOutcome.Failed(
                        "pipeline small/training/dislikes (expected: a training pipeline of the system)", List.of()));
    }

    private CompletableFuture<RunOutcome> run(String runId) {
        return pipeline.run(request(runId, "likes"), progress::add).toCompletableFuture();
    }

    private static RunOutcome end(CompletableFuture<RunOutcome> run) throws Exception {
        return run.get(30, TimeUnit.SECONDS);
    }

    private static RunRequest request(String runId, String pipeline) {
        return new RunRequest(
                runId, new PipelineId("small", PipelineKind.TRAINING, pipeline), 1, 0, Map.of(), Optional.empty());
    }
}
