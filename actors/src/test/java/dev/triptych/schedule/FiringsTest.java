package dev.triptych.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.Cadence;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Next firings against a table made by hand with a calendar. */
class FiringsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # The instant itself is not after itself.
                    0 12 * * *    | 2026-06-01T12:00:00Z        | 2026-06-02T12:00:00Z
                    0 12 * * *    | 2026-06-01T11:59:59.999999Z | 2026-06-01T12:00:00Z
                    */30 * * * *  | 2026-06-01T12:00:00.000001Z | 2026-06-01T12:30:00Z
                    5,50 9-10 * * * | 2026-06-01T09:50:00Z      | 2026-06-01T10:05:00Z
                    # Over the end of a month, of a year, of a month without that day.
                    0 0 1 * *     | 2026-06-01T00:00:00Z        | 2026-07-01T00:00:00Z
                    59 23 31 12 * | 2026-12-31T23:59:00Z        | 2027-12-31T23:59:00Z
                    0 0 31 * *    | 2026-05-31T00:00:00Z        | 2026-07-31T00:00:00Z
                    # Leap days; 2100 has none.
                    0 0 29 2 *    | 2026-06-01T00:00:00Z        | 2028-02-29T00:00:00Z
                    0 0 29 2 *    | 2096-02-29T00:00:00Z        | 2104-02-29T00:00:00Z
                    # Both days given: either of them. 2026-06-05 is a Friday, the 13th of June a Saturday.
                    0 0 13 * 5    | 2026-06-01T00:00:00Z        | 2026-06-05T00:00:00Z
                    0 0 13 * 5    | 2026-06-12T00:00:00Z        | 2026-06-13T00:00:00Z
                    # Sunday is 0 and 7.
                    0 6 * * 0     | 2026-06-01T00:00:00Z        | 2026-06-07T06:00:00Z
                    0 6 * * 7     | 2026-06-01T00:00:00Z        | 2026-06-07T06:00:00Z
                    0 6 * * MON   | 2026-06-01T06:00:00Z        | 2026-06-08T06:00:00Z
                    # The hour that summer time leaves out in Europe and doubles in autumn: UTC has it once.
                    30 2 * * *    | 2026-03-28T12:00:00Z        | 2026-03-29T02:30:00Z
                    30 2 * * *    | 2026-10-25T02:30:00Z        | 2026-10-26T02:30:00Z
                    """)
    void cronFiresInUtc(String expression, Instant after, Instant expected) {
        assertThat(Firings.of(new Cadence.Cron(expression)).next(after)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 2026-06-01T12:00:00Z, 2026-06-01T12:00:10Z",
        "10, 2026-06-01T12:00:09.999999Z, 2026-06-01T12:00:10Z",
        // A week counts from 1970-01-01, a Thursday.
        "604800, 2026-06-01T12:00:00Z, 2026-06-04T00:00:00Z",
        "10, 1969-12-31T23:59:59.5Z, 1970-01-01T00:00:00Z"
    })
    void intervalsCountFrom1970(long seconds, Instant after, Instant expected) {
        assertThat(Firings.of(new Cadence.Every(Duration.ofSeconds(seconds))).next(after))
                .contains(expected);
    }

    @Test
    void manualNeverFires() {
        Firings manual = Firings.of(new Cadence.Manual());

        assertThat(manual.next(Instant.EPOCH)).isEmpty();
        assertThat(manual.last(Instant.MAX)).isEmpty();
    }
}
