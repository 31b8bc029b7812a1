package dev.triptych.definition;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.triptych.definition.domain.Cadence;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads cadences: {@code manual}, {@code every 10s}, or five-field Unix cron; and durations. */
final class Cadences {

    static final String DURATION = "a duration such as 10s, 5m, 12h or 30d, at most a hundred years";

    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final Pattern DURATION_TEXT = Pattern.compile("(\\d{1,10}) ?(s|m|h|d)");
    private static final String EVERY = "every ";
    private static final CronParser CRON = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private static final ZonedDateTime ANY_TIME = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private Cadences() {}

    /** The section's cadence; manual where there is none that can be read, which is noted. */
    static Cadence read(Section section) {
        String text = section.text("cadence");
        if (text.isEmpty() || text.equals("manual")) {
            return new Cadence.Manual();
        }
        if (text.startsWith(EVERY)) {
            Optional<Duration> interval = duration(text.substring(EVERY.length()));
            if (interval.isEmpty()) {
                section.mistake("cadence", text, "write every and " + DURATION);
            }
            return interval.<Cadence>map(Cadence.Every::new).orElseGet(Cadence.Manual::new);
        }
        return cron(section, text);
    }

    private static Cadence cron(Section section, String text) {
        try {
            var cron = CRON.parse(text).validate();
            if (ExecutionTime.forCron(cron).nextExecution(ANY_TIME).isEmpty()) {
                section.mistake("cadence", text + " never comes", "name a day that the month has");
            }
            return new Cadence.Cron(text);
        } catch (IllegalArgumentException e) {
            section.mistake(
                    "cadence",
                    text + " (" + reason(e) + ")",
                    "write manual, every 10s (s, m, h, d), or a cron expression of five fields");
            return new Cadence.Manual();
        }
    }

    private static String reason(IllegalArgumentException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^Failed to parse cron expression\\. ", "");
    }

    /** {@code 30d}, {@code 12h}, {@code 5m} or {@code 10s}; more than nothing, and at most a century. */
    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION_TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        return duration.isPositive() && duration.compareTo(LONGEST) <= 0 ? Optional.of(duration) : Optional.empty();
    }
}
