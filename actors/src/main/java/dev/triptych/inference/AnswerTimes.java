package dev.triptych.inference;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * How long callers of this node's deployments waited since it started, in stretches of {@value #STRETCH_SECONDS} seconds
 * over the last hour. Recording takes some dozen nanoseconds and no memory. Thread-safe.
 */
public final class AnswerTimes implements Extension {

    static final int STRETCH_SECONDS = 10;
    private static final int STRETCHES_MAX = 3_600 / STRETCH_SECONDS;

    /** Longer ones count as this. */
    private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(10);

    /** Percentiles are within one part in a hundred. */
    private static final int DIGITS = 2;

    private static final ExtensionId<AnswerTimes> ID = new ExtensionId<>() {
        @Override
        public AnswerTimes createExtension(ActorSystem<?> system) {
            return new AnswerTimes(system);
        }
    };

    /**
     * @param answers to requests, refusals among them
     * @param p50Micros half of them took no longer
     */
    public record Stretch(
            Instant from,
            Instant until,
            long answers,
            long p50Micros,
            long p95Micros,
            long p99Micros,
            long maxMicros) {}

    private final Clock clock = Clock.systemUTC();
    private final Map<String, OfDeployment> deployments = new ConcurrentHashMap<>();

    private AnswerTimes(ActorSystem<?> system) {
        Duration stretch = Duration.ofSeconds(STRETCH_SECONDS);
        system.scheduler()
                .scheduleAtFixedRate(
                        stretch,
                        stretch,
                        () -> deployments.values().forEach(OfDeployment::close),
                        system.executionContext());
    }

    public static AnswerTimes get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** @param path {@code system/deployment} */
    OfDeployment of(String path) {
        return deployments.computeIfAbsent(path, unseen -> new OfDeployment(clock));
    }

    /**
     * Those in which somebody was answered, oldest first; the one under way is not among them.
     *
     * @param path {@code system/deployment}
     */
    public List<Stretch> stretches(String path) {
        OfDeployment deployment = deployments.get(path);
        return deployment == null ? List.of() : deployment.stretches();
    }

    /** Of one deployment. */
    static final class OfDeployment {
        private final Clock clock;
        private final Recorder recorder = new Recorder(MICROS_MAX, DIGITS);
        private final ArrayDeque<Stretch> stretches = new ArrayDeque<>();
        private Instant begun;
        private @Nullable Histogram spare;

        private OfDeployment(Clock clock) {
            this.clock = clock;
            this.begun = clock.instant();
        }

        /** @param begunNanos when it was asked, by {@link System#nanoTime} */
        void answered(long begunNanos) {
            recorder.recordValue(Math.clamp((System.nanoTime() - begunNanos) / 1_000, 0, MICROS_MAX));
        }

        private synchronized void close() {
            Instant now = clock.instant();
            Histogram interval = spare == null ? recorder.getIntervalHistogram() : recorder.getIntervalHistogram(spare);
            spare = interval;
            if (interval.getTotalCount() > 0) {
                stretches.addLast(new Stretch(
                        begun,
                        now,
                        interval.getTotalCount(),
                        interval.getValueAtPercentile(50),
                        interval.getValueAtPercentile(95),
                        interval.getValueAtPercentile(99),
                        interval.getMaxValue()));
            }
            begun = now;
            while (!stretches.isEmpty()
                    && stretches
                            .peekFirst()
                            .until()
                            .isBefore(now.minusSeconds((long) STRETCHES_MAX * STRETCH_SECONDS))) {
                stretches.removeFirst();
            }
        }

        private synchronized List<Stretch> stretches() {
            return List.copyOf(stretches);
        }
    }
}
