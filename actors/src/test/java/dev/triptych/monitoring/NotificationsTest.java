package dev.triptych.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.triptych.monitoring.Notifications.Told;
import dev.triptych.monitoring.domain.Alert;
import dev.triptych.monitoring.domain.AlertKind;
import dev.triptych.monitoring.domain.Reading;
import dev.triptych.monitoring.domain.Subject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class NotificationsTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Alert ALERT = new Alert(
            "id",
            new Reading(
                    new Subject("titanic", AlertKind.DRIFT, "survival", "output"),
                    Reading.State.EXCEEDED,
                    1,
                    0.2,
                    100,
                    0,
                    1,
                    1),
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void whoDoesNotAnswerIsToldAgain() {
        assertThat(toldBy(2)).isEqualTo(new Told(3, Optional.empty()));
    }

    @Test
    void whoNeverAnswersIsGivenUp() {
        assertThat(toldBy(Integer.MAX_VALUE)).isEqualTo(new Told(5, Optional.of("status 503")));
    }

    private static Told toldBy(int refusals) {
        var calls = new AtomicInteger();
        AlertWebhook webhook = new AlertWebhook() {
            @Override
            public CompletionStage<Void> send(String url, Alert alert, boolean ofItsEnd) {
                return calls.incrementAndGet() <= refusals
                        ? CompletableFuture.failedStage(new IllegalStateException("status 503"))
                        : CompletableFuture.completedStage(null);
            }
        };
        return new Notifications(KIT.system(), webhook, Duration.ofMillis(1))
                .tell("http://127.0.0.1/", ALERT, false)
                .toCompletableFuture()
                .join();
    }
}
