package dev.triptych.inference;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import dev.triptych.kernel.ReplyTo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks actors of this node, tens of thousands of times a second. Akka's own ask makes an actor and a timer a question; the
 * timer stays in memory until it would have gone off, ten seconds of traffic at a time, and what follows the answer runs
 * on another thread. Here an answer completes a future where it is given, and those that nobody answers are found by
 * looking over all that are open, now and then. The asking thread lends itself to the actor, see {@link AskersThread}.
 */
public final class LocalAsk implements Extension {

    /** An unanswered question ends up to so much later than its timeout says. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private static final ExtensionId<LocalAsk> ID = new ExtensionId<>() {
        @Override
        public LocalAsk createExtension(ActorSystem<?> system) {
            return new LocalAsk(system);
        }
    };

    private static final class Open<T> extends CompletableFuture<T> {
        private final Duration timeout;
        private final long deadlineNanos;

        Open(Duration timeout) {
            this.timeout = timeout;
            this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        }
    }

    private final Set<Open<?>> open = ConcurrentHashMap.newKeySet();

    private LocalAsk(ActorSystem<?> system) {
        system.scheduler()
                .scheduleWithFixedDelay(LOOK_INTERVAL, LOOK_INTERVAL, this::endLate, system.executionContext());
    }

    /** One for each actor system. */
    public static LocalAsk get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /**
     * @param question sends itself, with where the answer goes
     * @return completed on the thread that answers, perhaps this one; fails with {@link TimeoutException}
     */
    public <T> CompletableFuture<T> ask(Consumer<ReplyTo<T>> question, Duration timeout) {
        var answer = new Open<T>(timeout);
        open.add(answer);
        AskersThread.lend(() -> question.accept(reply -> {
            open.remove(answer);
            answer.complete(reply);
        }));
        return answer;
    }

    private void endLate() {
        long now = System.nanoTime();
        for (Open<?> answer : open) {
            if (answer.deadlineNanos - now < 0) {
                open.remove(answer);
                answer.completeExceptionally(
                        new TimeoutException("no answer within " + answer.timeout.toMillis() + " ms"));
            }
        }
    }
}
