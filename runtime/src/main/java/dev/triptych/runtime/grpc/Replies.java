package dev.triptych.runtime.grpc;

import dev.triptych.store.Traces;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls from stages, within the caller's deadline. */
final class Replies {

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    /** Longest wait for an answer where the client gave no deadline. */
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);

    /** The same where it gave one: longer than a dead node's keys are without a home. */
    private static final Duration TIMEOUT_MAX = Duration.ofSeconds(60);

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

    private Replies() {}

    /** Answers with the stage's value, or with the status its failure means. Never throws. */
    static <T> void reply(StreamObserver<T> observer, Supplier<CompletionStage<T>> work) {
        answer(observer, work, observer::onNext);
    }

    /** As {@link #reply}, with several values one after the other. */
    static <T> void stream(StreamObserver<T> observer, Supplier<CompletionStage<List<T>>> work) {
        answer(observer, work, values -> values.forEach(observer::onNext));
    }

    private static <T> void answer(StreamObserver<?> observer, Supplier<CompletionStage<T>> work, Consumer<T> told) {
        CompletionStage<T> stage;
        try {
            stage = work.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        Context context = Context.current();
        stage.whenComplete((value, failure) -> context.run(() -> {
            if (failure != null) {
                fail(observer, failure);
            } else {
                told.accept(value);
                observer.onCompleted();
            }
        }));
    }

    static void fail(StreamObserver<?> observer, Throwable failure) {
        Throwable status = Statuses.of(failure);
        if (status instanceof StatusRuntimeException known && known.getStatus().getCode() == Status.Code.INTERNAL) {
            Traces.logged(CallTraces.current(), () -> LOG.error("a call failed for a reason nobody foresaw", failure));
        }
        observer.onError(status);
    }

    /** How long to wait for an answer: what is left of the client's deadline, within bounds. */
    static Duration timeout() {
        var deadline = Context.current().getDeadline();
        if (deadline == null) {
            return TIMEOUT_DEFAULT;
        }
        Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
        if (left.compareTo(TIMEOUT_MIN) < 0) {
            return TIMEOUT_MIN;
        }
        return left.compareTo(TIMEOUT_MAX) < 0 ? left : TIMEOUT_MAX;
    }

    /** How long to wait for others so that there is still time to say that they did not answer. */
    static Duration within(Duration timeout) {
        return timeout.multipliedBy(3).dividedBy(4).plus(TIMEOUT_MIN);
    }
}
