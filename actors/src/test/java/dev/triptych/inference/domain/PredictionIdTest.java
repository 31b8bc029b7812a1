package dev.triptych.inference.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class PredictionIdTest {

    /** RFC 9562, appendix A.6: the milliseconds, rand_a and rand_b of its example. */
    @Test
    void isLaidOutAsInTheExampleOfTheRfc() {
        long tick = 0x017F22E279B0L << 12 | 0xCC3;

        assertThat(PredictionId.of(tick, 0x18C4DC0C0C07398FL)).isEqualTo("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }

    @Test
    void isAUuidOfVersionSevenWhateverTheRandomBits() {
        for (long random : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            UUID id = UUID.fromString(PredictionId.of(PredictionId.tick(1_700_000_000_000_999L), random));

            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void sortsByTheMicrosecond() {
        long micros = 1_700_000_000_000_998L;

        assertThat(PredictionId.of(PredictionId.tick(micros), -1))
                .isLessThan(PredictionId.of(PredictionId.tick(micros + 1), 0));
        assertThat(PredictionId.of(PredictionId.tick(micros + 1), -1))
                .isLessThan(PredictionId.of(PredictionId.tick(micros + 2), 0));
    }

    @Test
    void isTheSameForAKeyOfARunAndAnotherForAnotherKeyOrRun() {
        String id = PredictionId.ofRun("run", "key", 1_000_000);

        assertThat(PredictionId.ofRun("run", "key", 1_000_000)).isEqualTo(id);
        assertThat(PredictionId.ofRun("run", "kez", 1_000_000)).isNotEqualTo(id);
        assertThat(PredictionId.ofRun("rum", "key", 1_000_000)).isNotEqualTo(id);
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
    }
}
