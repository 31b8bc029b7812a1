package dev.triptych.store;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks something in the cluster until it answers or the time is over. What is on its way while its shard moves, or to a
 * node that has just died, is lost; asked again it waits where the shard will be. So the question comes more than once, and
 * must mean the same each time. A cluster of one loses nothing, and is asked once.
 */
public final class PatientAsk {

    /** From the first question to the next, at least: an answer usually takes milliseconds. */
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);

    /** The same where the cluster is slow, at most. */
    private static final Duration PAUSE_MAX = Duration.ofSeconds(4);

    /** Later pauses are twice as long each time, up to this. */
    private static final Duration DOUBLED_MAX = Duration.ofSeconds(2);

    /** No node of the cluster does what is asked for. */
    public static final class MissingRoleException extends RuntimeException {
        MissingRoleException(String role) {
            super("no node of role " + role + " is in the cluster; start one");
        }
    }

    private PatientAsk() {}

    /**
     * Asks an entity.
     *
     * @param role of the nodes where such entities are
     * @return fails with {@link MissingRoleException} where there is no such node, with {@link TimeoutException} where
     *     nobody answers
     */
    public static <M, R> CompletionStage<R> ask(
            ActorSystem<?> system,
            String role,
            EntityRef<M> entity,
            Function<ActorRef<R>, M> message,
            Duration timeout) {
        return ask(system, role, left -> entity.ask((ActorRef<R> replyTo) -> message.apply(replyTo), left), timeout);
    }

    /** The same, once: for what must not happen twice. */
    public static <M, R> CompletionStage<R> askOnce(
            ActorSystem<?> system,
            String role,
            EntityRef<M> entity,
            Function<ActorRef<R>, M> message,
            Duration timeout) {
        return hasRole(system, role)
                ? entity.ask((ActorRef<R> replyTo) -> message.apply(replyTo), timeout)
                : CompletableFuture.failedStage(new MissingRoleException(role));
    }

    /**
     * @param question asks once, for so long
     * @return as above
     */
    public static <R> CompletionStage<R> ask(
            ActorSystem<?> system, String role, Function<Duration, CompletionStage<R>> question, Duration timeout) {
        if (!hasRole(system, role)) {
            return CompletableFuture.failedStage(new MissingRoleException(role));
        }
        return isAlone(system) ? question.apply(timeout) : new Asking<>(system, question, timeout).begin();
    }

    /** Whether the cluster has no other node. */
    public static boolean isAlone(ActorSystem<?> system) {
        return Cluster.get(system).state().members().size() <= 1;
    }

    /** Whether a node that is in the cluster has the role. */
    public static boolean hasRole(ActorSystem<?> system, String role) {
        if (Cluster.get(system).selfMember().hasRole(role)) {
            return true;
        }
        for (Member member : Cluster.get(system).state().getMembers()) {
            if (member.hasRole(role) && member.status() != MemberStatus.removed()) {
                return true;
            }
        }
        return false;
    }

    private static final class Asking<R> {
        private final ActorSystem<?> system;
        private final Function<Duration, CompletionStage<R>> question;
        private final AnswerDelay delay;
        private final long deadlineNanos;
        private final CompletableFuture<R> answer = new CompletableFuture<>();

        Asking(ActorSystem<?> system, Function<Duration, CompletionStage<R>> question, Duration timeout) {
            this.system = system;
            this.question = question;
            this.delay = AnswerDelay.get(system);
            this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        }

        CompletionStage<R> begin() {
            Duration expected = delay.timeout();
            ask(shorter(longer(expected, PAUSE_MIN), PAUSE_MAX));
            return answer;
        }

        private void ask(Duration pause) {
            long askedNanos = System.nanoTime();
            Duration left = Duration.ofNanos(deadlineNanos - askedNanos);
            if (!left.isPositive()) {
                answer.completeExceptionally(new TimeoutException("nobody answered in time"));
            }
            if (answer.isDone()) {
                return;
            }
            boolean last = left.compareTo(pause) <= 0;
            question.apply(left).whenComplete((reply, failure) -> {
                if (failure == null) {
                    if (answer.complete(reply)) {
                        delay.answered(System.nanoTime() - askedNanos);
                    }
                } else if (last || deadlineNanos - System.nanoTime() <= 0) {
                    answer.completeExceptionally(failure);
                }
            });
            if (!answer.isDone() && !last) {
                Cancellable again =
                        system.scheduler().scheduleOnce(pause, () -> ask(next(pause)), system.executionContext());
                answer.whenComplete((reply, failure) -> again.cancel());
            }
        }

        private static Duration next(Duration pause) {
            return longer(pause, shorter(pause.multipliedBy(2), DOUBLED_MAX));
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) > 0 ? one : other;
        }
    }
}
