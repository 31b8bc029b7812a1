package dev.triptych.definition;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.triptych.definition.domain.Cadence;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads cadences: {@code manual}, {@code every 10s}, or five-field Unix cron. */
final class Cadences {

    static final String EXPECTED = "write manual, every 10s (s, m, h, d), or a cron expression of five fields";

    private static final Pattern EVERY = Pattern.compile("every (\\d{1,9}) ?(s|m|h|d)");
    private static final CronParser CRON = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private Cadences() {}

    /** Empty where the text is none of them. */
    static Optional<Cadence> parse(String text) {
        if (text.equals("manual")) {
            return Optional.of(new Cadence.Manual());
        }
        Matcher every = EVERY.matcher(text);
        if (every.matches()) {
            return duration(every.group(1), every.group(2))
                    .filter(Duration::isPositive)
                    .map(Cadence.Every::new);
        }
        try {
            CRON.parse(text).validate();
            return Optional.of(new Cadence.Cron(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@code 30d}, {@code 12h}, {@code 5m} or {@code 10s}. */
    static Optional<Duration> duration(String text) {
        Matcher plain = EVERY.matcher("every " + text);
        return plain.matches() ? duration(plain.group(1), plain.group(2)) : Optional.empty();
    }

    private static Optional<Duration> duration(String count, String unit) {
        long number = Long.parseLong(count);
        return Optional.of(
                switch (unit) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }
}
