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

/** The instants at which a cadence fires. */
final class Firings {

    private static final CronParser CRON = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private Firings() {}

    /** The first firing strictly after an instant; empty for a cadence that never fires. Intervals count from 1970. */
    static Optional<Instant> next(Cadence cadence, Instant after) {
        return switch (cadence) {
            case Cadence.Manual manual -> Optional.empty();
            case Cadence.Every(var interval) -> {
                long millis = interval.toMillis();
                yield Optional.of(Instant.ofEpochMilli((Math.floorDiv(after.toEpochMilli(), millis) + 1) * millis));
            }
            case Cadence.Cron(var expression) ->
                ExecutionTime.forCron(CRON.parse(expression))
                        .nextExecution(after.atZone(ZoneOffset.UTC))
                        .map(ZonedDateTime::toInstant);
        };
    }
}
