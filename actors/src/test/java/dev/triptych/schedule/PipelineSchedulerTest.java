package dev.triptych.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.PipelineScheduler.Cancel;
import dev.triptych.schedule.PipelineScheduler.Command;
import dev.triptych.schedule.PipelineScheduler.Current;
import dev.triptych.schedule.PipelineScheduler.GetRun;
import dev.triptych.schedule.PipelineScheduler.ListRuns;
import dev.triptych.schedule.PipelineScheduler.NotFound;
import dev.triptych.schedule.PipelineScheduler.Overlapping;
import dev.triptych.schedule.PipelineScheduler.Refused;
import dev.triptych.schedule.PipelineScheduler.Run;
import dev.triptych.schedule.PipelineScheduler.RunReply;
import dev.triptych.schedule.PipelineScheduler.Runs;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.PipelineRun;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The scheduler as its callers see it, on an in-memory journal. Time is the test's: the clock stands where it is put,
 * and the scheduler looks at it when the test lets it. Every question asked is answered after all looks before it.
 */
class PipelineSchedulerTest {

    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.parseString("akka.loglevel = OFF"))
            .withFallback(ConfigFactory.load())
            .resolve());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());
    private static final SnapshotTestKit SNAPSHOTS = SnapshotTestKit.create(KIT.system());

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(6);
    private static final Optional<String> NO_CURSOR = Optional.empty();

    private static final PipelineId BY_HAND = new PipelineId("shop", PipelineKind.FEATURE, "by-hand");
    private static final PipelineId MINUTES = new PipelineId("shop", PipelineKind.FEATURE, "sales");
    private static final PipelineId HOURS = new PipelineId("shop", PipelineKind.INFERENCE, "sales");
    private static final PipelineId UNKNOWN = new PipelineId("shop", PipelineKind.TRAINING, "sales");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final ScriptedRunner runner = new ScriptedRunner();
    private final TestProbe<RunReply> replies = KIT.createTestProbe(RunReply.class);
    private ActorRef<Command> scheduler = start("every 60s", true);

    @AfterEach
    void stop() {
        KIT.stop(scheduler);
        JOURNAL.clearAll();
        SNAPSHOTS.clearAll();
    }

    @AfterAll
    static void stopAll() {
        KIT.shutdownTestKit();
    }

    @Test
    void firesANewCadenceAtItsNextInstantAndNotAtOnce() {
        lookAt(NOON);
        lookAt(NOON.plusSeconds(59));
        assertThat(runner.requests()).isEmpty();

        lookAt(NOON.plusSeconds(60));

        assertThat(begun()).containsExactly("shop.feature.sales.2026-06-01T12:01:00Z #1");
        PipelineRun run = runs().getFirst();
        assertThat(run.trigger()).isEqualTo("cadence");
        assertThat(run.pipeline()).isEqualTo(MINUTES);
        assertThat(run.scheduledMicros()).isEqualTo(Micros.of(NOON.plusSeconds(60)));
        assertThat(run.outcome()).isEmpty();
    }

    @Test
    void neverRunsAPipelineBesideItselfAndCatchesUpOnceAfterwards() {
        lookAt(NOON.plusSeconds(60));
        String first = runs().getFirst().runId();
        lookAt(NOON.plusSeconds(120));
        lookAt(NOON.plusSeconds(181));
        assertThat(runner.requests()).hasSize(1);

        runner.complete(first, NO_CURSOR);
        lookAt(NOON.plusSeconds(182));

        assertThat(begun())
                .containsExactly(
                        "shop.feature.sales.2026-06-01T12:01:00Z #1", "shop.feature.sales.2026-06-01T12:03:00Z #1");
        assertThat(runs().getFirst().trigger()).isEqualTo("catch-up");
    }

    @Test
    void catchesUpOncePerCadenceAfterDowntimeHoweverMuchWasMissed() {
        KIT.stop(scheduler);
        now.set(NOON.plus(Duration.ofDays(400)).plusSeconds(7));

        scheduler = start("every 60s", true);
        lookAt(now.get());
        runs().forEach(run -> runner.complete(run.runId(), NO_CURSOR));
        lookAt(now.get());
        lookAt(now.get().plusSeconds(40));

        assertThat(runs()).extracting(PipelineRun::trigger).containsExactly("catch-up", "catch-up");
        assertThat(begun())
                .containsExactlyInAnyOrder(
                        "shop.feature.sales.2027-07-06T12:00:00Z #1", "shop.inference.sales.2027-07-06T12:00:00Z #1");
    }

    @Test
    void callsASingleMissedInstantACatchUpToo() {
        KIT.stop(scheduler);
        now.set(NOON.plusSeconds(90));

        scheduler = start("every 60s", true);
        lookAt(now.get());

        assertThat(runs()).extracting(PipelineRun::trigger).containsExactly("catch-up");
        assertThat(runs().getFirst().scheduledMicros()).isEqualTo(Micros.of(NOON.plusSeconds(60)));
    }

    @Test
    void followsAChangedCadenceAnew() {
        KIT.stop(scheduler);
        now.set(NOON.plusSeconds(95));

        scheduler = start("every 30s", true);
        lookAt(NOON.plusSeconds(96));
        assertThat(runner.requests()).isEmpty();
        lookAt(NOON.plusSeconds(120));

        assertThat(begun()).containsExactly("shop.feature.sales.2026-06-01T12:02:00Z #1");
        assertThat(runs().getFirst().trigger()).isEqualTo("cadence");
    }

    @Test
    void runsOnlyByHandWhereCadencesAreOff() {
        KIT.stop(scheduler);
        scheduler = start("every 60s", false);

        lookAt(NOON.plus(Duration.ofDays(1)));
        assertThat(runner.requests()).isEmpty();

        assertThat(run("r1", MINUTES)).isInstanceOf(Current.class);
        assertThat(begun()).containsExactly("r1 #1");
    }

    @Test
    void tellsPipelinesOfOneNameAndInstantApart() {
        lookAt(NOON.plus(Duration.ofHours(1)));

        assertThat(begun())
                .containsExactlyInAnyOrder(
                        "shop.feature.sales.2026-06-01T13:00:00Z #1", "shop.inference.sales.2026-06-01T13:00:00Z #1");
        runner.complete("shop.inference.sales.2026-06-01T13:00:00Z", NO_CURSOR);
        assertThat(get("shop.feature.sales.2026-06-01T13:00:00Z").outcome()).isEmpty();
        assertThat(get("shop.inference.sales.2026-06-01T13:00:00Z").outcome()).isPresent();
    }

    @Test
    void runsByHandOnceForARunIdAndAnswersTheSameRunAgain() {
        PipelineRun started = current(run("r1", BY_HAND));
        PipelineRun again = current(run("r1", BY_HAND));
        runner.complete("r1", NO_CURSOR);
        PipelineRun ended = current(run("r1", BY_HAND));

        assertThat(runner.requests()).hasSize(1);
        assertThat(started.trigger()).isEqualTo("manual");
        assertThat(started.startedMicros()).isEqualTo(Micros.of(NOON));
        assertThat(again).isEqualTo(started);
        assertThat(ended.outcome())
                .contains(new RunOutcome.Completed(Map.of("rowsWritten", 7L), Map.of(), List.of(), NO_CURSOR));
        assertThat(ended.endedMicros()).contains(Micros.of(NOON));
    }

    @Test
    void answersOverlappingWhileAnotherRunOfThePipelineIsOpen() {
        run("r1", MINUTES);

        RunReply second = run("r2", MINUTES);
        lookAt(NOON.plusSeconds(60));

        assertThat(second)
                .isInstanceOfSatisfying(
                        Overlapping.class,
                        reply -> assertThat(reply.run().runId()).isEqualTo("r1"));
        assertThat(begun()).containsExactly("r1 #1");
        // The cadence's own run comes when the one by hand has ended.
        runner.complete("r1", NO_CURSOR);
        lookAt(NOON.plusSeconds(61));
        assertThat(begun()).containsExactly("r1 #1", "shop.feature.sales.2026-06-01T12:01:00Z #1");
    }

    @Test
    void refusesAnIdThatCannotBeUsed() {
        run("r1", BY_HAND);

        assertThat(run("r1", MINUTES))
                .isInstanceOfSatisfying(
                        Refused.class,
                        reply -> assertThat(reply.reason().message()).contains("run_id", "r1", "shop/feature/by-hand"));
        assertThat(run(" ", MINUTES)).isInstanceOf(Refused.class);
        assertThat(run("a\nb", MINUTES)).isInstanceOf(Refused.class);
        assertThat(run("x".repeat(201), MINUTES)).isInstanceOf(Refused.class);
        assertThat(runner.requests()).hasSize(1);
    }

    @Test
    void namesWhatDoesNotExistAndWhatDoes() {
        assertThat(run("r1", UNKNOWN))
                .isInstanceOfSatisfying(
                        NotFound.class,
                        reply -> assertThat(reply.reason().message())
                                .contains(
                                        "shop/training/sales",
                                        "shop/feature/by-hand, shop/feature/sales, shop/inference/sales"));
        assertThat(ask(replyTo -> new GetRun("none", replyTo))).isInstanceOf(NotFound.class);
        assertThat(ask(replyTo -> new Cancel("none", "me", replyTo))).isInstanceOf(NotFound.class);
    }

    @Test
    void handsTheCursorOfTheLastCompletedRunToTheNextAlsoAfterARestart() {
        run("r1", BY_HAND);
        runner.complete("r1", Optional.of("row 5"));
        run("r2", BY_HAND);
        runner.end("r2", new RunOutcome.Failed("a bad row", List.of("a.csv:3")));
        restart();
        run("r3", BY_HAND);

        assertThat(runner.requests())
                .extracting(RunRequest::cursor)
                .containsExactly(NO_CURSOR, Optional.of("row 5"), Optional.of("row 5"));
    }

    @Test
    void passesTheCallersOptionsOn() {
        ask(replyTo -> new Run("r1", BY_HAND, Map.of("count", "9"), replyTo));

        assertThat(runner.requests().getFirst().options()).containsExactly(Map.entry("count", "9"));
    }

    @Test
    void makesAnOpenRunAgainAfterItsNodeDied() {
        ask(replyTo -> new Run("r1", BY_HAND, Map.of("count", "9"), replyTo));

        now.set(NOON.plusSeconds(20));
        restart();

        RunRequest first = runner.requests().getFirst();
        assertThat(runner.requests())
                .containsExactly(
                        first,
                        new RunRequest("r1", BY_HAND, 2, first.scheduledMicros(), first.options(), first.cursor()));
        assertThat(get("r1").attempt()).isEqualTo(2);
        assertThat(get("r1").startedMicros()).isEqualTo(Micros.of(NOON));
        runner.complete("r1", Optional.of("row 5"));
        assertThat(get("r1").outcome()).isPresent();
        restart();
        assertThat(runner.requests()).hasSize(2);
    }

    @Test
    void givesARunUpAfterThreeAttempts() {
        run("r1", BY_HAND);
        restart();
        restart();
        restart();

        assertThat(begun()).containsExactly("r1 #1", "r1 #2", "r1 #3");
        assertThat(get("r1").outcome())
                .hasValueSatisfying(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                RunOutcome.Failed.class,
                                failed -> assertThat(failed.reason()).contains("3 attempts")));
        assertThat(run("r2", BY_HAND)).isInstanceOf(Current.class);
    }

    @Test
    void endsAnOpenRunOfAPipelineThatIsNoLongerDeclared() {
        run("r1", BY_HAND);
        KIT.stop(scheduler);
        scheduler = KIT.spawn(PipelineScheduler.create(Map.of(), List.of(), true, clock));
        runs();
        lookAt(NOON);

        assertThat(get("r1").outcome())
                .hasValueSatisfying(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                RunOutcome.Failed.class,
                                failed -> assertThat(failed.reason()).contains("no longer declared")));
    }

    @Test
    void endsARunWhoseRunnerBreaksAsFailedWithItsReason() {
        run("r1", BY_HAND);
        runner.breakDown("r1", new IllegalStateException("the disk is full"));

        assertThat(get("r1").outcome()).contains(new RunOutcome.Failed("the disk is full", List.of()));
        assertThat(run("r2", BY_HAND)).isInstanceOf(Current.class);
    }

    @Test
    void endsARunThatNobodyCanRunAsFailed() {
        KIT.stop(scheduler);
        scheduler = KIT.spawn(PipelineScheduler.create(Map.of(), List.of(shop("every 60s")), false, clock));

        run("r1", BY_HAND);

        assertThat(get("r1").outcome())
                .contains(new RunOutcome.Failed("this node runs no feature pipelines", List.of()));
    }

    @Test
    void asksTheRunnerToStopARunThatIsCancelled() {
        run("r1", BY_HAND);

        ask(replyTo -> new Cancel("r1", "me", replyTo));
        runner.end("r1", new RunOutcome.Cancelled("me"));
        ask(replyTo -> new Cancel("r1", "you", replyTo));

        assertThat(runner.cancels()).containsExactly("r1 by me");
        assertThat(get("r1").outcome()).contains(new RunOutcome.Cancelled("me"));
    }

    @Test
    void showsHowFarARunIsAndJournalsNoneOfIt() {
        run("r1", BY_HAND);
        int journaled = JOURNAL.persistedInStorage("scheduler").size();

        for (int row = 1; row <= 10_000; row++) {
            runner.tell("r1", new RunProgress("writing rows", row, 10_000));
        }

        assertThat(get("r1").progress()).contains(new RunProgress("writing rows", 10_000, 10_000));
        runner.complete("r1", NO_CURSOR);
        assertThat(get("r1").progress()).isEmpty();
        assertThat(JOURNAL.persistedInStorage("scheduler")).hasSize(journaled + 1);
    }

    @Test
    void keepsTheEndOfARunThatCameWhileTheJournalWasAway() {
        run("r1", BY_HAND);
        JOURNAL.failNextPersisted("scheduler");
        runner.complete("r1", Optional.of("row 5"));

        awaitAnswer();
        lookAt(NOON);

        assertThat(get("r1").outcome()).isPresent();
        assertThat(begun()).containsExactly("r1 #1");
    }

    @Test
    void leavesARunAloneThatGoesOnWhileTheJournalIsAwayAndFollowsCadencesAgainAfterwards() {
        run("r1", BY_HAND);
        JOURNAL.failNextPersisted("scheduler");
        scheduler.tell(new Run("lost", MINUTES, Map.of(), replies.ref()));

        awaitAnswer();
        lookAt(NOON.plusSeconds(60));

        // The run that could not be journaled never began, and nobody was told that it had.
        assertThat(begun()).containsExactly("r1 #1", "shop.feature.sales.2026-06-01T12:01:00Z #1");
        assertThat(get("r1").attempt()).isEqualTo(1);
    }

    @Test
    void remembersTheLastTwoHundredRunsOfAPipelineAlsoAfterARestart() {
        for (int i = 1; i <= 203; i++) {
            now.set(NOON.plusMillis(i));
            run("r" + i, BY_HAND);
            runner.complete("r" + i, Optional.of("row " + i));
        }
        // Its end is journaled before the next answer; until then a restart would run it again.
        assertThat(get("r203").outcome()).isPresent();

        restart();

        List<PipelineRun> runs = runs();
        assertThat(runs).hasSize(200);
        assertThat(runs.getFirst().runId()).isEqualTo("r203");
        assertThat(runs.getLast().runId()).isEqualTo("r4");
        assertThat(SNAPSHOTS.persistedInStorage("scheduler")).isNotEmpty();
        run("next", BY_HAND);
        assertThat(runner.requests().getLast().cursor()).contains("row 203");
    }

    @Test
    void listsNewestFirstOfASystemOrAPipeline() {
        run("r1", BY_HAND);
        now.set(NOON.plusSeconds(1));
        run("r2", MINUTES);

        assertThat(runs()).extracting(PipelineRun::runId).containsExactly("r2", "r1");
        assertThat(list(Optional.empty(), Optional.of(BY_HAND), 10))
                .extracting(PipelineRun::runId)
                .containsExactly("r1");
        assertThat(list(Optional.of("shop"), Optional.empty(), 1))
                .extracting(PipelineRun::runId)
                .containsExactly("r2");
        assertThat(list(Optional.of("other"), Optional.empty(), 10)).isEmpty();
        assertThat(list(Optional.empty(), Optional.empty(), -1)).isEmpty();
    }

    private ActorRef<Command> start(String cadence, boolean followCadences) {
        scheduler = KIT.spawn(PipelineScheduler.create(
                Map.of(PipelineKind.FEATURE, runner, PipelineKind.INFERENCE, runner),
                List.of(shop(cadence)),
                followCadences,
                clock));
        runs();
        lookAt(now.get());
        return scheduler;
    }

    /** As after a crash: what was in hand is gone. */
    private void restart() {
        KIT.stop(scheduler);
        scheduler = start("every 60s", true);
    }

    private static SystemDefinition shop(String cadence) {
        Duration interval =
                Duration.parse("PT" + cadence.substring("every ".length()).toUpperCase(Locale.ROOT));
        return new SystemDefinition(
                "shop",
                "",
                "hash",
                Path.of("."),
                List.of(),
                List.of(),
                List.of(feature("by-hand", new Cadence.Manual()), feature("sales", new Cadence.Every(interval))),
                List.of(),
                List.of(),
                List.of(new InferencePipelineDefinition("sales", new Cadence.Cron("0 * * * *"), "till", "sales")));
    }

    private static FeaturePipelineDefinition feature(String name, Cadence cadence) {
        return new FeaturePipelineDefinition(
                name,
                cadence,
                new SourceDefinition.Generated("com.example.Sales", Map.of()),
                FeaturePipelineDefinition.BadRows.FAIL,
                List.of());
    }

    /** Lets the scheduler look once, at a time. */
    private void lookAt(Instant instant) {
        now.set(instant);
        TIME.timePasses(LOOK_INTERVAL);
        // After a failed write it may be about to restart once more.
        awaitAnswer();
    }

    /** Lets time pass until the scheduler has come back from a failed write. */
    private void awaitAnswer() {
        TestProbe<Runs> probe = KIT.createTestProbe(Runs.class);
        scheduler.tell(new ListRuns(Optional.empty(), Optional.empty(), 1, probe.ref()));
        probe.awaitAssert(() -> {
            TIME.timePasses(BACKOFF_MAX);
            return probe.receiveMessage(Duration.ofMillis(20));
        });
    }

    private RunReply ask(Function<ActorRef<RunReply>, Command> command) {
        scheduler.tell(command.apply(replies.ref()));
        return replies.receiveMessage();
    }

    private RunReply run(String runId, PipelineId pipeline) {
        return ask(replyTo -> new Run(runId, pipeline, Map.of(), replyTo));
    }

    private PipelineRun get(String runId) {
        return current(ask(replyTo -> new GetRun(runId, replyTo)));
    }

    private static PipelineRun current(RunReply reply) {
        assertThat(reply).isInstanceOf(Current.class);
        return ((Current) reply).run();
    }

    private List<PipelineRun> runs() {
        return list(Optional.empty(), Optional.empty(), 1_000);
    }

    private List<PipelineRun> list(Optional<String> system, Optional<PipelineId> pipeline, int limit) {
        TestProbe<Runs> probe = KIT.createTestProbe(Runs.class);
        scheduler.tell(new ListRuns(system, pipeline, limit, probe.ref()));
        return probe.receiveMessage().runs();
    }

    private List<String> begun() {
        return runner.requests().stream()
                .map(request -> request.runId() + " #" + request.attempt())
                .toList();
    }
}
