package dev.triptych.bench;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Keeps a number of operations in flight for a while: a closed loop, so latencies are those at that concurrency. */
final class Load {

    private static final long LATENCY_MAX_NANOS = Duration.ofSeconds(60).toNanos();

    /** @param perSecond operations that succeeded, over the time until the last had ended */
    record Result(double perSecond, Histogram nanos) {

        double millisAt(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e6;
        }
    }

    private Load() {}

    /** @param operation begins one; the number counts from 0 */
    static Result run(int inFlight, Duration duration, LongFunction<? extends CompletionStage<?>> operation)
            throws InterruptedException {
        var histogram = new ConcurrentHistogram(LATENCY_MAX_NANOS, 3);
        var places = new Semaphore(inFlight);
        var failure = new AtomicReference<@Nullable Throwable>();
        long begun = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - begun < duration.toNanos() && failure.get() == null) {
            places.acquire();
            long start = System.nanoTime();
            operation.apply(count++).whenComplete((value, failed) -> {
                if (failed != null) {
                    failure.compareAndSet(null, failed);
                } else {
                    histogram.recordValue(Math.min(LATENCY_MAX_NANOS, System.nanoTime() - start));
                }
                places.release();
            });
        }
        places.acquire(inFlight);
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (failure.get() != null) {
            throw new IllegalStateException("an operation failed under load", failure.get());
        }
        return new Result(histogram.getTotalCount() / seconds, histogram);
    }
}
