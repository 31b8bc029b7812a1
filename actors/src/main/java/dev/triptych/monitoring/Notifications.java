package dev.triptych.monitoring;

import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import dev.triptych.kernel.Causes;
import dev.triptych.monitoring.domain.Alert;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells a webhook of an alert, some times where it does not answer. */
final class Notifications {

    static final int ATTEMPTS_MAX = 5;

    /** @param failure why nobody took it; empty if somebody did */
    record Told(int attempts, Optional<String> failure) {}

    private final ActorSystem<?> system;
    private final AlertWebhook webhook;
    private final Duration firstPause;

    /** @param firstPause before the second attempt; each pause is twice the one before */
    Notifications(ActorSystem<?> system, AlertWebhook webhook, Duration firstPause) {
        this.system = system;
        this.webhook = webhook;
        this.firstPause = firstPause;
    }

    /** Never fails. */
    CompletionStage<Told> tell(String url, Alert alert, boolean ofItsEnd) {
        return tell(url, alert, ofItsEnd, 1);
    }

    private CompletionStage<Told> tell(String url, Alert alert, boolean ofItsEnd, int attempt) {
        return webhook.send(url, alert, ofItsEnd)
                .thenApply(taken -> new Told(attempt, Optional.empty()))
                .exceptionallyCompose(failure -> attempt == ATTEMPTS_MAX
                        ? CompletableFuture.completedStage(new Told(attempt, Optional.of(Causes.message(failure))))
                        : Patterns.after(
                                firstPause.multipliedBy(1L << (attempt - 1)),
                                system,
                                () -> tell(url, alert, ofItsEnd, attempt + 1)));
    }
}
