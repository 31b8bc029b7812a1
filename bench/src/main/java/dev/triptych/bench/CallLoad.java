package dev.triptych.bench;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Calls that end by telling so, on whatever thread: as many as can be done with a number of them in flight, or so many a
 * second whatever becomes of them. Of the second the latencies are corrected for coordinated omission: each counts from
 * when its call was due, so a server that stands still is charged for every call that it kept waiting.
 */
final class CallLoad {

    private static final int OFFERED_ROUND = 500;
    private static final long LATENCY_MAX_NANOS = Duration.ofSeconds(60).toNanos();

    /** One call. */
    interface Call {
        /** @param number counts from 0 */
        void begin(long number, Ending ending);
    }

    interface Ending {
        /** @param failure null for a call that went well */
        void ended(@Nullable Throwable failure);
    }

    /**
     * @param offered calls a second; NaN where a number in flight was kept
     * @param achieved calls a second that went well, over the time until the last had ended
     */
    record Result(
            double offered,
            double achieved,
            Histogram nanos,
            long failed,
            @Nullable Throwable firstFailure) {

        double millisAt(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e6;
        }

        /** Half as many calls a second, so that there is a queue only where something stands still. */
        double half() {
            return Math.max(1, Math.floor(achieved / 2 / OFFERED_ROUND)) * OFFERED_ROUND;
        }

        /** What was offered, for people. */
        String load() {
            return String.format(Locale.ROOT, "%,.0f/s offered on %d connections", offered, Client.CONNECTIONS);
        }

        Result allWell() {
            if (failed > 0) {
                throw new IllegalStateException(failed + " calls failed under load", firstFailure);
            }
            return this;
        }
    }

    private final Call call;
    private final Histogram nanos = new ConcurrentHistogram(LATENCY_MAX_NANOS, 3);
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private final AtomicLong numbers = new AtomicLong();

    private CallLoad(Call call) {
        this.call = call;
    }

    /** Keeps so many calls in flight: each that ends begins the next. */
    static Result closed(int inFlight, Duration duration, Call call) throws InterruptedException {
        return new CallLoad(call).closed(inFlight, duration);
    }

    /** Begins calls at even distances, whether those before have ended or not. */
    static Result open(double perSecond, Duration duration, Call call) throws InterruptedException {
        long calls = (long) (perSecond * duration.toNanos() / 1e9);
        return open(perSecond, number -> number < calls, call);
    }

    /** @param goesOn asked before each call, by its number */
    static Result open(double perSecond, LongPredicate goesOn, Call call) throws InterruptedException {
        return new CallLoad(call).open(perSecond, goesOn);
    }

    /** By calls a second. */
    static Result median(List<Result> results) {
        return median(results, Result::achieved);
    }

    /** By the latency at a percentile. */
    static Result medianAt(double percentile, List<Result> results) {
        return median(results, result -> result.millisAt(percentile));
    }

    private static Result median(List<Result> results, ToDoubleFunction<Result> by) {
        return results.stream().sorted(Comparator.comparingDouble(by)).toList().get((results.size() - 1) / 2);
    }

    private Result closed(int inFlight, Duration duration) throws InterruptedException {
        var left = new CountDownLatch(inFlight);
        long begun = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            next(begun + duration.toNanos(), left);
        }
        left.await();
        return result(Double.NaN, begun);
    }

    private void next(long until, CountDownLatch left) {
        long start = System.nanoTime();
        if (start >= until || firstFailure.get() != null) {
            left.countDown();
            return;
        }
        call.begin(numbers.getAndIncrement(), failure -> {
            end(start, failure);
            next(until, left);
        });
    }

    private Result open(double perSecond, LongPredicate goesOn) throws InterruptedException {
        var underWay = new AtomicLong();
        long begun = System.nanoTime();
        for (long i = 0; goesOn.test(i); i++) {
            long due = begun + (long) (i * 1e9 / perSecond);
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            underWay.incrementAndGet();
            call.begin(i, failure -> {
                end(due, failure);
                underWay.decrementAndGet();
            });
        }
        while (underWay.get() > 0) {
            Thread.sleep(1);
        }
        return result(perSecond, begun);
    }

    private void end(long start, @Nullable Throwable failure) {
        if (failure == null) {
            nanos.recordValue(Math.min(LATENCY_MAX_NANOS, System.nanoTime() - start));
        } else {
            failed.incrementAndGet();
            firstFailure.compareAndSet(null, failure);
        }
    }

    private Result result(double offered, long begun) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Result(offered, nanos.getTotalCount() / seconds, nanos, failed.get(), firstFailure.get());
    }
}
