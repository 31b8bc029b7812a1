package dev.triptych.systems.titanic;

import dev.triptych.feature.Generator;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic passengers, drawn from the joint distribution of the real ones. Each run lets {@code count} of them arrive,
 * and tells the outcomes of those who arrived at least {@code outcome-delay} before. Rows have the columns of
 * {@code passengers.csv}: an arrival without outcome, an outcome with nothing but its passenger.
 */
public final class PassengerGenerator implements Generator {

    private static final int COUNT_MAX = 100_000;
    private static final List<String> OPTIONS = List.of("count", "outcome-delay", "seed");

    private static final LinkedHashMap<String, FeatureType> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("passenger", FeatureType.STRING);
        COLUMNS.put("boarded", FeatureType.TIMESTAMP);
        COLUMNS.put("decided", FeatureType.TIMESTAMP);
        COLUMNS.put("name", FeatureType.STRING);
        COLUMNS.put("survived", FeatureType.STRING);
        COLUMNS.put("sex", FeatureType.STRING);
        COLUMNS.put("age", FeatureType.FLOAT64);
        COLUMNS.put("passengerClass", FeatureType.STRING);
        COLUMNS.put("sibsp", FeatureType.INT64);
        COLUMNS.put("parch", FeatureType.INT64);
    }

    @Override
    public Batch generate(Request request) {
        checkNames(request.options());
        int count = (int) whole(request.options(), "count", 5, COUNT_MAX);
        Duration delay = seconds(request.options());
        long seed = whole(request.options(), "seed", 1, Long.MAX_VALUE);
        Voyage before = request.cursor().map(Voyage::parse).orElse(Voyage.START);
        long now = Micros.of(request.now());

        var rows = new ArrayList<List<@Nullable Object>>();
        before.dueBy(now).forEach(group -> tellOutcomes(group, rows));
        var waiting = new ArrayList<>(before.waitingAfter(now));
        if (count > 0) {
            var population = new Population(Passenger.read(request.folder().resolve("passengers.csv")));
            // The seed of a run follows from where it begins, so a repeated run draws the same.
            List<Passenger> arrivals = draw(population, count, new SplittableRandom(seed * 1_000_003 + before.next()));
            var outcomes = new StringBuilder();
            for (int i = 0; i < arrivals.size(); i++) {
                rows.add(arrival(before.next() + i, arrivals.get(i), request.now()));
                outcomes.append(arrivals.get(i).survived() ? '1' : '0');
            }
            waiting.add(new Voyage.Group(before.next(), now + Micros.of(delay), outcomes.toString()));
        }
        return new Batch(
                new LinkedHashMap<>(COLUMNS), rows.iterator(), new Voyage(before.next() + count, waiting).cursor());
    }

    private static List<Passenger> draw(Population population, int count, SplittableRandom random) {
        var arrivals = new ArrayList<Passenger>();
        while (arrivals.size() < count) {
            arrivals.addAll(population.draw(random));
        }
        return arrivals.subList(0, count);
    }

    private static List<@Nullable Object> arrival(long number, Passenger passenger, Instant now) {
        return Arrays.asList(
                key(number),
                now,
                null,
                passenger.surname() + ", " + passenger.title() + ". " + passenger.givenName(),
                null,
                passenger.sex(),
                passenger.age().isPresent() ? passenger.age().getAsDouble() : null,
                passenger.passengerClass(),
                (long) passenger.sibsp(),
                (long) passenger.parch());
    }

    private static void tellOutcomes(Voyage.Group group, List<List<@Nullable Object>> rows) {
        for (int i = 0; i < group.outcomes().length(); i++) {
            rows.add(Arrays.asList(
                    key(group.first() + i),
                    null,
                    Micros.toInstant(group.dueMicros()),
                    null,
                    group.outcomes().charAt(i) == '1' ? "yes" : "no",
                    null,
                    null,
                    null,
                    null,
                    null));
        }
    }

    private static String key(long number) {
        return String.format(Locale.ROOT, "s%06d", number);
    }

    private static void checkNames(Map<String, String> options) {
        options.keySet().stream()
                .filter(name -> !OPTIONS.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(unknown -> {
                    throw new IllegalArgumentException(
                            unknown + ": unknown option (expected: one of " + String.join(", ", OPTIONS) + ")");
                });
    }

    private static long whole(Map<String, String> options, String name, long otherwise, long max) {
        String text = options.getOrDefault(name, String.valueOf(otherwise));
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of range is.
        }
        throw new IllegalArgumentException(name + ": " + text + " (expected: a whole number from 0 to " + max + ")");
    }

    private static Duration seconds(Map<String, String> options) {
        String text = options.getOrDefault("outcome-delay", "20s");
        if (!text.matches("\\d{1,9}s")) {
            throw new IllegalArgumentException("outcome-delay: " + text + " (expected: seconds, such as 20s)");
        }
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
}
