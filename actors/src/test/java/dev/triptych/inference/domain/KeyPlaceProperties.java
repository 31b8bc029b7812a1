package dev.triptych.inference.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.Routing;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeyPlaceProperties {

    private static final int KEYS = 100_000;

    /** Computed with another language's SHA-256, from the documented bytes. */
    @Example
    void liesWhereItAlwaysDid() {
        var place = new KeyPlace("shop", "returns");

        assertThat(place.of("o9")).isEqualTo(9);
        assertThat(place.of("o10")).isEqualTo(88);
        assertThat(place.of("déjà")).isEqualTo(23);
    }

    @Example
    void standsForRawFeaturesByTheirNamesAndValues() {
        var place = new KeyPlace("shop", "returns");
        var places = new ArrayList<Integer>();
        for (int i = 0; i < 200; i++) {
            var given = Map.<String, Value>of("amount", new Value.Float64(i), "country", new Value.Text("se"));
            places.add(place.of(given));
            assertThat(place.of(new HashMap<>(given))).isEqualTo(places.getLast());
        }

        assertThat(places.stream().distinct().count()).isGreaterThan(60);
    }

    @Property(tries = 4)
    void honoursWeightsWithinOnePercentOverAHundredThousandKeys(
            @ForAll("routes") List<Route> routes, @ForAll long seed) {
        var place = new KeyPlace("system-" + seed, "live");
        String[] owners = owners(Routing.of(routes));
        var counts = new HashMap<String, Integer>();
        for (int key = 0; key < KEYS; key++) {
            counts.merge(owners[place.of("key-" + key)], 1, Integer::sum);
        }

        for (Route route : routes) {
            assertThat(100.0 * counts.getOrDefault(route.to(), 0) / KEYS)
                    .as(route.to())
                    .isCloseTo(route.weight(), within(1.0));
        }
    }

    @Property(tries = 200)
    void aChangedWeightMovesNoMorePlacesThanItMust(
            @ForAll("routes") List<Route> before, @ForAll("routes") List<Route> after) {
        Routing was = Routing.of(before);

        Routing is = was.reweighted(after);

        String[] from = owners(was);
        String[] to = owners(is);
        int moved = 0;
        for (int place = 0; place < Routing.PLACES; place++) {
            moved += from[place].equals(to[place]) ? 0 : 1;
        }
        assertThat(is.routes()).containsExactlyInAnyOrderElementsOf(after);
        assertThat(moved).isEqualTo(leastToMove(before, after));
        assertThat(is.slices().getFirst().from()).isZero();
        assertThat(is.slices().getLast().until()).isEqualTo(Routing.PLACES);
    }

    /** What every target loses, which somebody else must get. */
    private static int leastToMove(List<Route> before, List<Route> after) {
        var left = new HashMap<String, Integer>();
        before.forEach(route -> left.put(route.to(), route.weight()));
        after.forEach(route -> left.merge(route.to(), -route.weight(), Integer::sum));
        return left.values().stream().mapToInt(lost -> Math.max(0, lost)).sum();
    }

    private static String[] owners(Routing routing) {
        String[] owners = new String[Routing.PLACES];
        for (Routing.Slice slice : routing.slices()) {
            for (int place = slice.from(); place < slice.until(); place++) {
                assertThat(owners[place]).isNull();
                owners[place] = slice.to();
            }
        }
        assertThat(owners).doesNotContainNull();
        return owners;
    }

    @Provide
    Arbitrary<List<Route>> routes() {
        return Arbitraries.integers()
                .between(1, 5)
                .flatMap(count -> Arbitraries.longs().map(seed -> {
                    var random = new Random(seed);
                    var names = new ArrayList<>(List.of("champion", "challenger", "1", "2", "3"));
                    java.util.Collections.shuffle(names, random);
                    var routes = new ArrayList<Route>();
                    int left = Routing.PLACES;
                    for (int i = 0; i < count; i++) {
                        int weight = i == count - 1 ? left : 1 + random.nextInt(left - (count - i) + 1);
                        weight = Math.min(weight, left - (count - 1 - i));
                        routes.add(new Route(names.get(i), weight));
                        left -= weight;
                    }
                    return routes;
                }));
    }
}
