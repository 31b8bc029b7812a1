package dev.triptych.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.triptych.store.JournalProjection.ProjectionException;
import dev.triptych.store.JournalProjection.Step;
import dev.triptych.store.JournalTailer.AwaitAll;
import dev.triptych.store.JournalTailer.CaughtUp;
import dev.triptych.store.features.Horizon;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JournalTailerTest {

    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final Duration SOON = Duration.ofMillis(50);

    private final ScriptedProjection projection = new ScriptedProjection();
    private final TestProbe<CaughtUp> asker = KIT.createTestProbe(CaughtUp.class);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aQuestionIsAnsweredOnceAllThatHadBegunBeforeItIsProjected() {
        var tailer = start();
        Runnable underWay = projection.awaitStep();
        tailer.tell(new AwaitAll(asker.ref()));

        projection.answer(underWay, step(10, 10));
        // That step may have looked before the question was asked: it settles nothing.
        Runnable first = projection.awaitStep();
        asker.expectNoMessage(SOON);
        projection.answer(first, step(11, 12));
        asker.expectNoMessage(SOON);
        Step settled = step(12, 15);
        projection.answer(projection.awaitStepAfter(Duration.ofMillis(5)), settled);

        asker.expectMessage(new CaughtUp(settled.horizon()));
    }

    @Test
    void aQuestionEndsThePauseOfAnIdleTailer() {
        var tailer = start();
        projection.answer(projection.awaitStep(), idle(20));
        projection.expectNoStep();

        tailer.tell(new AwaitAll(asker.ref()));
        projection.answer(projection.awaitStep(), idle(21));

        asker.expectMessage(new CaughtUp(idle(21).horizon()));
    }

    @Test
    void anIdleJournalIsLookedAtTenTimesASecond() {
        start();
        projection.answer(projection.awaitStep(), idle(20));
        for (int look = 0; look < 5; look++) {
            projection.expectNoStep();
            TIME.timePasses(Duration.ofMillis(99));
            projection.expectNoStep();
            projection.answer(projection.awaitStepAfter(Duration.ofMillis(1)), idle(20));
        }
    }

    @Test
    void fullBatchesFollowOneAnotherAtOnce() {
        start();
        for (int batch = 0; batch < 5; batch++) {
            projection.answer(projection.awaitStep(), new Step(Horizon.START, 1, 9, 20_000, true));
        }
        projection.awaitStep();
    }

    @Test
    void aFailureIsSaidOnceAndTriedAgainUntilItHeals() {
        var tailer = start();
        Supplier<Step> away = () -> {
            throw new ProjectionException("PostgreSQL is away", new IllegalStateException());
        };
        LoggingTestKit.warn("PostgreSQL is away").withOccurrences(1).expect(KIT.system(), () -> {
            projection.answer(projection.awaitStep(), away);
            tailer.tell(new AwaitAll(asker.ref()));
            for (int attempt = 0; attempt < 8; attempt++) {
                projection.answer(projection.awaitStepAfter(Duration.ofSeconds(5)), away);
            }
            return null;
        });
        asker.expectNoMessage(SOON);

        LoggingTestKit.info("projected again").expect(KIT.system(), () -> {
            projection.answer(projection.awaitStepAfter(Duration.ofSeconds(5)), idle(30));
            return null;
        });

        asker.expectMessage(new CaughtUp(idle(30).horizon()));
    }

    @Test
    void theProjectionIsClosedWithTheTailer() {
        var tailer = start();
        projection.answer(projection.awaitStep(), idle(1));

        KIT.stop(tailer);
        projection.awaitStep().run();

        assertThat(projection.closed).isTrue();
    }

    private ActorRef<JournalTailer.Command> start() {
        return KIT.spawn(JournalTailer.create(projection, projection.threads::add));
    }

    private static Step step(long settledBelow, long begunBelow) {
        return new Step(new Horizon(settledBelow - 1, 1), settledBelow, begunBelow, 1, false);
    }

    private static Step idle(long nextTransaction) {
        return new Step(new Horizon(nextTransaction - 1, 1), nextTransaction, nextTransaction, 0, false);
    }

    /** Does what the test says, on the test's thread, one step when the test says so. */
    private static final class ScriptedProjection implements JournalProjection {

        private final BlockingQueue<Runnable> threads = new LinkedBlockingQueue<>();
        private Supplier<Step> next = () -> idle(1);
        private boolean closed;

        Runnable awaitStep() {
            Runnable step = stepWithin(Duration.ofSeconds(5));
            assertThat(step).as("a step within 5 s").isNotNull();
            return requireNonNull(step);
        }

        /** The tailer sets its timer on a thread of its own, so time passes again until it has. */
        Runnable awaitStepAfter(Duration pause) {
            Runnable step = null;
            for (int tries = 0; step == null && tries < 100; tries++) {
                TIME.timePasses(pause);
                step = stepWithin(SOON);
            }
            assertThat(step).as("a step after " + pause).isNotNull();
            return requireNonNull(step);
        }

        void expectNoStep() {
            assertThat(stepWithin(SOON)).isNull();
        }

        private @Nullable Runnable stepWithin(Duration patience) {
            try {
                return threads.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while waiting for a step", e);
            }
        }

        void answer(Runnable step, Step result) {
            answer(step, () -> result);
        }

        void answer(Runnable step, Supplier<Step> result) {
            next = result;
            step.run();
        }

        @Override
        public Step advance() {
            return next.get();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
