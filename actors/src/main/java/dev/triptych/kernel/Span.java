package dev.triptych.kernel;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One step on a request's way, from when it is begun until it ends. */
public interface Span {

    /** Of a request that is not traced: nothing, and for nothing. */
    Span NONE = new Span() {
        @Override
        public Optional<String> context() {
            return Optional.empty();
        }

        @Override
        public void end() {}

        @Override
        public void fail(Throwable why) {}

        @Override
        public <T> CompletionStage<T> over(CompletionStage<T> work) {
            return work;
        }
    };

    /** What the steps within this one are begun with: a {@code traceparent} of W3C's Trace Context. */
    Optional<String> context();

    void end();

    /** Ends with the reason why it did not do what it was for. */
    void fail(Throwable why);

    /** Ends as the work does. */
    default <T> CompletionStage<T> over(CompletionStage<T> work) {
        return work.whenComplete((done, failure) -> {
            if (failure == null) {
                end();
            } else {
                fail(failure);
            }
        });
    }
}
