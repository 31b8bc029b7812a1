package dev.triptych.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.Cadence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** No firing is left out and none is made up: cron against a walk over the calendar, day by day. */
class FiringsProperties {

    /** 2000 to 2060. */
    private static final long FROM = 946_684_800L;

    private static final long TO = 2_840_140_800L;
    private static final int DAYS_LOOKED_AT = 366 * 9;

    /** The values each field lets through, and whether its day fields are restricted. */
    record Cron(
            Set<Integer> minutes, Set<Integer> hours, Set<Integer> days, Set<Integer> months, Set<Integer> weekdays) {

        private static final int ALL_DAYS = 31;
        private static final int ALL_WEEKDAYS = 7;

        String text() {
            return String.join(
                    " ",
                    field(minutes, 60),
                    field(hours, 24),
                    field(days, ALL_DAYS),
                    field(months, 12),
                    field(weekdays, ALL_WEEKDAYS));
        }

        private static String field(Set<Integer> values, int all) {
            return values.size() == all
                    ? "*"
                    : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        boolean falls(LocalDate date) {
            boolean day = days.contains(date.getDayOfMonth());
            boolean weekday = weekdays.contains(date.getDayOfWeek().getValue() % 7);
            boolean either = days.size() < ALL_DAYS && weekdays.size() < ALL_WEEKDAYS;
            return months.contains(date.getMonthValue()) && (either ? day || weekday : day && weekday);
        }

        Optional<Instant> next(Instant after) {
            LocalDateTime from = LocalDateTime.ofInstant(after, ZoneOffset.UTC);
            for (int i = 0; i < DAYS_LOOKED_AT; i++) {
                LocalDate date = from.toLocalDate().plusDays(i);
                if (falls(date)) {
                    for (int hour : hours) {
                        for (int minute : minutes) {
                            LocalDateTime time = date.atTime(hour, minute);
                            if (time.isAfter(from)) {
                                return Optional.of(time.toInstant(ZoneOffset.UTC));
                            }
                        }
                    }
                }
            }
            return Optional.empty();
        }
    }

    @Property(tries = 150)
    void cronFiresNextWhereTheCalendarSays(
            @ForAll("crons") Cron cron, @ForAll @LongRange(min = FROM, max = TO) long second) {
        Firings firings = Firings.of(new Cadence.Cron(cron.text()));
        Instant after = Instant.ofEpochSecond(second);

        Optional<Instant> next = firings.next(after);

        assertThat(next).as(cron.text()).isEqualTo(cron.next(after));
        next.ifPresent(firing -> {
            // Looked at from the other side: it is the last one up to itself, and the next but nothing was before it.
            assertThat(firings.last(firing)).as(cron.text()).contains(firing);
            assertThat(firings.last(firing.minusMillis(1)).orElse(Instant.MIN))
                    .as(cron.text())
                    .isBeforeOrEqualTo(after);
        });
    }

    @Property(tries = 300)
    void anIntervalFiresOnceInEveryInterval(
            @ForAll @LongRange(min = 1, max = 100_000) long seconds,
            @ForAll @LongRange(min = FROM * 1000, max = TO * 1000) long milli) {
        Firings firings = Firings.of(new Cadence.Every(Duration.ofSeconds(seconds)));
        Instant after = Instant.ofEpochMilli(milli);

        Instant next = firings.next(after).orElseThrow();

        assertThat(next).isAfter(after);
        assertThat(Duration.between(after, next)).isLessThanOrEqualTo(Duration.ofSeconds(seconds));
        assertThat(next.getEpochSecond() % seconds).isZero();
        assertThat(firings.last(next)).contains(next);
        assertThat(firings.last(next.minusMillis(1))).contains(next.minusSeconds(seconds));
    }

    @Provide
    Arbitrary<Cron> crons() {
        return Combinators.combine(values(0, 59), values(0, 23), values(1, 31), values(1, 12), values(0, 6))
                .as(Cron::new);
    }

    private static Arbitrary<Set<Integer>> values(int min, int max) {
        Set<Integer> all = IntStream.rangeClosed(min, max).boxed().collect(Collectors.toCollection(TreeSet::new));
        Arbitrary<Set<Integer>> some = Arbitraries.integers()
                .between(min, max)
                .set()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(TreeSet::new);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(all)), net.jqwik.api.Tuple.of(2, some));
    }
}
