package dev.triptych.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.triptych.definition.domain.Cadence;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The instants at which a cadence fires, all of them whole seconds. Intervals count from 1970, so that they do not
 * depend on when a node was started; cron is in UTC, which knows no summer time. To look one up takes microseconds, for
 * a rare cron day milliseconds.
 */
public sealed interface Firings {

    /** The first firing after an instant, that instant excluded; empty if there is none. */
    Optional<Instant> next(Instant after);

    /** The last firing up to an instant, that instant included; empty if there is none. */
    Optional<Instant> last(Instant until);

    static Firings of(Cadence cadence) {
        return switch (cadence) {
            case Cadence.Manual manual -> new Never();
            case Cadence.Every(var interval) -> new Interval(interval.toSeconds());
            case Cadence.Cron(var expression) -> new Cron(ExecutionTime.forCron(Cron.PARSER.parse(expression)));
        };
    }

    /** Of a pipeline that runs only by hand. */
    record Never() implements Firings {

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> last(Instant until) {
            return Optional.empty();
        }
    }

    /** @param seconds at least 1 */
    record Interval(long seconds) implements Firings {

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(floor(after).plusSeconds(seconds));
        }

        @Override
        public Optional<Instant> last(Instant until) {
            return Optional.of(floor(until));
        }

        private Instant floor(Instant instant) {
            return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
        }
    }

    record Cron(ExecutionTime times) implements Firings {

        private static final CronParser PARSER =
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

        @Override
        public Optional<Instant> next(Instant after) {
            return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant);
        }

        @Override
        public Optional<Instant> last(Instant until) {
            // The library leaves the instant itself out.
            return times.lastExecution(until.atZone(ZoneOffset.UTC).plusNanos(1))
                    .map(ZonedDateTime::toInstant);
        }
    }
}
