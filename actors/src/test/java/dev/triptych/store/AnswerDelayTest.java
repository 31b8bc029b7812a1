package dev.triptych.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The times are those of RFC 6298, sections 2.2 and 2.3, computed by hand. */
class AnswerDelayTest {

    private final AnswerDelay delay = new AnswerDelay();

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(delay.timeout()).isEqualTo(Duration.ZERO);
    }

    @Test
    void theFirstAnswerCountsThreefold() {
        answered(100);

        assertThat(delay.timeout()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void laterAnswersAreSmoothed() {
        answered(100);
        answered(200);

        // 112.5 ms, and four times 3/4 of 50 and 1/4 of 100.
        assertThat(delay.timeout()).isEqualTo(Duration.ofNanos(362_500_000));
    }

    @Test
    void aSlowClusterIsWaitedForAndAFastOneSoonIsNot() {
        for (int i = 0; i < 100; i++) {
            answered(800);
        }
        assertThat(delay.timeout().toMillis()).isCloseTo(800L, within(1L));

        for (int i = 0; i < 100; i++) {
            answered(2);
        }
        assertThat(delay.timeout().toMillis()).isCloseTo(2L, within(1L));
    }

    private void answered(long millis) {
        delay.answered(Duration.ofMillis(millis).toNanos());
    }
}
