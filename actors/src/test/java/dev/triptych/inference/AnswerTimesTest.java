package dev.triptych.inference;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {

    private static final Duration STRETCH = Duration.ofSeconds(AnswerTimes.STRETCH_SECONDS);

    /** Of a percentile, and of the moment between asking the clock here and there. */
    private static final Percentage TOLERANCE = Percentage.withPercentage(3);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final AnswerTimes times = AnswerTimes.get(kit.system());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void percentilesAreThoseOfTheStretchInWhichPeopleWaited() {
        for (int tenths = 1; tenths <= 100; tenths++) {
            answered("shop/returns", Duration.ofMillis(100 * tenths));
        }
        assertThat(times.stretches("shop/returns")).as("under way").isEmpty();
        time.timePasses(STRETCH);
        time.timePasses(STRETCH);
        answered("shop/returns", Duration.ofSeconds(1));
        time.timePasses(STRETCH);

        var stretches = times.stretches("shop/returns");
        assertThat(stretches).extracting(AnswerTimes.Stretch::answers).containsExactly(100L, 1L);
        AnswerTimes.Stretch first = stretches.getFirst();
        assertThat(first.p50Micros()).isCloseTo(seconds(5), TOLERANCE);
        assertThat(first.p95Micros()).isCloseTo(seconds(9.5), TOLERANCE);
        assertThat(first.p99Micros()).isCloseTo(seconds(9.9), TOLERANCE);
        assertThat(first.maxMicros()).isCloseTo(seconds(10), TOLERANCE);
        assertThat(stretches.getLast().maxMicros()).isCloseTo(seconds(1), TOLERANCE);
    }

    @Test
    void deploymentsAreKeptApart() {
        answered("shop/returns", Duration.ofMillis(10));
        time.timePasses(STRETCH);

        assertThat(times.stretches("shop/returns")).hasSize(1);
        assertThat(times.stretches("shop/other")).isEmpty();
    }

    private void answered(String path, Duration waited) {
        times.of(path).answered(System.nanoTime() - waited.toNanos());
    }

    private static long seconds(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toMicros(1));
    }
}
