package dev.triptych.systems.titanic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.feature.Generator;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Synthetic passengers beside the real ones, counted straight from the file. */
class PassengerGeneratorTest {

    private static final Path FOLDER = Path.of("..", "config", "systems", "titanic");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final int DRAWN = 20_000;

    /** Of a share among {@value #DRAWN}: far above its sampling error, far below what independent draws would differ by. */
    private static final double SHARE_TOLERANCE = 0.03;

    private static final List<Passenger> REAL = Passenger.read(FOLDER.resolve("passengers.csv"));
    private static final List<Passenger> SYNTHETIC = drawn();

    private final PassengerGenerator generator = new PassengerGenerator();

    @Test
    void drawsFromTheJointDistributionAndNotFromEachColumnByItself() {
        assertSharesAgree(Passenger::passengerClass);
        assertSharesAgree(passenger -> passenger.passengerClass() + " " + passenger.sex());
        assertSharesAgree(passenger -> passenger.passengerClass() + " " + passenger.title());
        assertSharesAgree(passenger -> passenger.passengerClass() + " " + Math.min(3, passenger.sibsp()) + "+"
                + Math.min(3, passenger.parch()));
        assertSharesAgree(passenger ->
                passenger.passengerClass() + " " + (passenger.age().isPresent() ? "aged" : "of no known age"));
    }

    @Test
    void letsAsManySurviveAsDidOfTheirKind() {
        for (String sex : List.of("female", "male")) {
            for (String passengerClass : List.of("1st", "2nd", "3rd")) {
                Predicate<Passenger> kind = passenger -> passenger.sex().equals(sex)
                        && passenger.passengerClass().equals(passengerClass);
                assertThat(survivors(SYNTHETIC, kind))
                        .as(sex + " " + passengerClass)
                        .isCloseTo(survivors(REAL, kind), within(2 * SHARE_TOLERANCE));
            }
        }
    }

    @Test
    void neverContradictsItself() {
        Map<String, Set<String>> sexes = REAL.stream()
                .collect(Collectors.groupingBy(
                        Passenger::title, Collectors.mapping(Passenger::sex, Collectors.toSet())));

        assertThat(SYNTHETIC)
                .allSatisfy(
                        passenger -> assertThat(sexes.get(passenger.title())).contains(passenger.sex()));
    }

    @Test
    void tellsOutcomesOnlyAfterTheirDelay() {
        Told arrivals = generate(Optional.empty(), NOON, Map.of("count", "7", "outcome-delay", "20s"));
        assertThat(arrivals.rows())
                .hasSize(7)
                .allSatisfy(row -> assertThat(row).containsKey("name").doesNotContainKey("survived"));

        Told early = generate(Optional.of(arrivals.cursor()), NOON.plusSeconds(19), Map.of("count", "0"));
        assertThat(early.rows()).isEmpty();

        Told due = generate(Optional.of(early.cursor()), NOON.plusSeconds(20), Map.of("count", "0"));
        assertThat(due.rows())
                .hasSize(7)
                .allSatisfy(row -> assertThat(row)
                        .doesNotContainKey("name")
                        .containsKey("survived")
                        .containsEntry("decided", NOON.plusSeconds(20)));
        assertThat(due.passengers()).isEqualTo(arrivals.passengers());
        assertThat(generate(Optional.of(due.cursor()), NOON.plusSeconds(99), Map.of("count", "0"))
                        .rows())
                .as("each outcome is told once")
                .isEmpty();
    }

    @Test
    void givesTheSamePassengersToTheSameRequestAndNewOnesToTheNext() {
        Told first = generate(Optional.empty(), NOON, Map.of("count", "50"));

        assertThat(generate(Optional.empty(), NOON, Map.of("count", "50"))).isEqualTo(first);
        assertThat(generate(Optional.of(first.cursor()), NOON, Map.of("count", "50"))
                        .passengers())
                .doesNotContainAnyElementsOf(first.passengers());
        assertThat(generate(Optional.empty(), NOON, Map.of("count", "50", "seed", "2")))
                .isNotEqualTo(first);
    }

    @Test
    void namesTheOptionThatIsWrong() {
        assertThatThrownBy(() -> generate(Optional.empty(), NOON, Map.of("count", "many")))
                .hasMessage("count: many (expected: a whole number from 0 to 100000)");
        assertThatThrownBy(() -> generate(Optional.empty(), NOON, Map.of("cout", "7")))
                .hasMessage("cout: unknown option (expected: one of count, outcome-delay, seed)");
        assertThatThrownBy(() -> generate(Optional.empty(), NOON, Map.of("outcome-delay", "soon")))
                .hasMessage("outcome-delay: soon (expected: seconds, such as 20s)");
    }

    private static List<Passenger> drawn() {
        var population = new Population(REAL);
        var random = new SplittableRandom(5);
        var passengers = new ArrayList<Passenger>();
        while (passengers.size() < DRAWN) {
            passengers.addAll(population.draw(random));
        }
        return passengers;
    }

    private static void assertSharesAgree(Function<Passenger, String> kind) {
        Map<String, Double> real = shares(REAL, kind);
        Map<String, Double> synthetic = shares(SYNTHETIC, kind);
        real.forEach((name, share) ->
                assertThat(synthetic.getOrDefault(name, 0.0)).as(name).isCloseTo(share, within(SHARE_TOLERANCE)));
        assertThat(real.keySet()).as("no kind that never sailed").containsAll(synthetic.keySet());
    }

    private static Map<String, Double> shares(List<Passenger> passengers, Function<Passenger, String> kind) {
        var shares = new HashMap<String, Double>();
        passengers.forEach(passenger -> shares.merge(kind.apply(passenger), 1.0 / passengers.size(), Double::sum));
        return shares;
    }

    private static double survivors(List<Passenger> passengers, Predicate<Passenger> kind) {
        return passengers.stream()
                .filter(kind)
                .mapToDouble(passenger -> passenger.survived() ? 1 : 0)
                .average()
                .orElseThrow();
    }

    /** Rows by column, without their empty cells. */
    private record Told(List<Map<String, Object>> rows, String cursor) {
        List<Object> passengers() {
            return rows.stream()
                    .flatMap(row -> Optional.ofNullable(row.get("passenger")).stream())
                    .toList();
        }
    }

    private Told generate(Optional<String> cursor, Instant now, Map<String, String> options) {
        Generator.Batch batch = generator.generate(new Generator.Request(cursor, now, options, FOLDER));
        List<String> columns = List.copyOf(batch.columns().keySet());
        var rows = new ArrayList<Map<String, Object>>();
        batch.rows().forEachRemaining(cells -> {
            var row = new HashMap<String, Object>();
            for (int column = 0; column < columns.size(); column++) {
                Object cell = cells.get(column);
                if (cell != null) {
                    row.put(columns.get(column), cell);
                }
            }
            rows.add(row);
        });
        return new Told(rows, batch.cursor());
    }
}
