package dev.triptych.store;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.time.Duration;

/**
 * How long answers from the cluster take of late, and so how long to wait for one before it counts as lost: the smoothed
 * time and four times its variation, as TCP waits before it sends again (RFC 6298, section 2). Whoever asked again after a
 * fixed time would ask a slow cluster the more, the slower it is. Thread-safe.
 */
final class AnswerDelay implements Extension {

    private static final ExtensionId<AnswerDelay> ID = new ExtensionId<>() {
        @Override
        public AnswerDelay createExtension(ActorSystem<?> system) {
            return new AnswerDelay();
        }
    };

    private static final double SMOOTHING = 1.0 / 8;
    private static final double VARIATION_SMOOTHING = 1.0 / 4;
    private static final int VARIATIONS = 4;

    private double smoothed;
    private double variation;
    private boolean measured;

    /** One for each actor system. */
    static AnswerDelay get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** @param nanos from the question that was answered to its answer; not from an earlier one, which may have been lost */
    synchronized void answered(long nanos) {
        if (measured) {
            variation += VARIATION_SMOOTHING * (Math.abs(smoothed - nanos) - variation);
            smoothed += SMOOTHING * (nanos - smoothed);
        } else {
            smoothed = nanos;
            variation = nanos / 2.0;
            measured = true;
        }
    }

    /** After which an answer is hardly to be expected any more; zero before the first. */
    synchronized Duration timeout() {
        return Duration.ofNanos((long) (smoothed + VARIATIONS * variation));
    }
}
