package dev.triptych.inference;

import static dev.triptych.inference.PredictionRetention.PAUSE;
import static dev.triptych.inference.PredictionRetention.REST;
import static dev.triptych.inference.PredictionRetention.ROWS_PER_PIECE;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.triptych.kernel.Micros;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PredictionRetentionTest {

    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final Instant NOW = Instant.parse("2026-06-30T00:00:00Z");
    private static final Instant CUT = Instant.parse("2026-05-31T00:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(1);

    private record Asked(long beforeMicros, int rowsMax, CompletableFuture<Integer> answer) {}

    private final TestProbe<Asked> asked = KIT.createTestProbe(Asked.class);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void removesPieceAfterPieceUntilNothingIsOldAndRestsThen() {
        start();
        Asked first = asked.receiveMessage();
        assertThat(first.beforeMicros()).isEqualTo(Micros.of(CUT));
        assertThat(first.rowsMax()).isEqualTo(ROWS_PER_PIECE);

        first.answer().complete(ROWS_PER_PIECE);
        nothingUntil(PAUSE).answer().complete(ROWS_PER_PIECE);
        nothingUntil(PAUSE).answer().complete(ROWS_PER_PIECE - 1);

        nothingUntil(REST).answer().complete(0);
        nothingUntil(REST);
    }

    @Test
    void asksForOnePieceAtATimeHoweverLongItTakes() {
        start();
        Asked slow = asked.receiveMessage();

        TIME.expectNoMessageFor(REST.multipliedBy(3), asked);

        slow.answer().complete(0);
        nothingUntil(REST);
    }

    @Test
    void triesAgainAfterAFailure() {
        start();

        asked.receiveMessage().answer().completeExceptionally(new IllegalStateException("the database is away"));

        nothingUntil(REST).answer().complete(0);
    }

    private Asked nothingUntil(Duration pause) {
        // The answer reaches the actor on another thread; the timer must be running before time passes.
        return asked.awaitAssert(() -> {
            TIME.timePasses(pause);
            return asked.receiveMessage(MOMENT.multipliedBy(50));
        });
    }

    private void start() {
        KIT.spawn(PredictionRetention.create(
                Duration.ofDays(30),
                (before, rowsMax) -> {
                    var answer = new CompletableFuture<Integer>();
                    asked.ref().tell(new Asked(before, rowsMax, answer));
                    return answer;
                },
                Clock.fixed(NOW, ZoneOffset.UTC)));
    }
}
