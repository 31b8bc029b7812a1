package dev.triptych.definition.domain;

import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which part of the keys goes where. The keys lie evenly on a line of a hundred places, see {@code KeyPlace}, and each
 * slice of that line has one target. Where weights change, a target keeps of its places what it may, so that no more
 * keys move than must.
 *
 * @param slices from 0 to 100 without gaps, in order
 */
public record Routing(List<Slice> slices) {

    public static final int PLACES = 100;
    public static final int ROUTES_MAX = 10;

    /**
     * @param from first place, 0 to 99
     * @param until first place after it
     */
    public record Slice(int from, int until, String to) {}

    public Routing {
        slices = List.copyOf(slices);
    }

    /** Everything to one target. */
    public static Routing allTo(String target) {
        return new Routing(List.of(new Slice(0, PLACES, target)));
    }

    /** Routes in their order; they must be sound, see {@link #mistake}. */
    public static Routing of(List<Route> routes) {
        var slices = new ArrayList<Slice>();
        int from = 0;
        for (Route route : routes) {
            slices.add(new Slice(from, from + route.weight(), route.to()));
            from += route.weight();
        }
        return new Routing(slices);
    }

    /** Why these cannot be the routes of a deployment; empty where they can. */
    public static Optional<Invalid> mistake(List<Route> routes) {
        if (routes.isEmpty() || routes.size() > ROUTES_MAX) {
            return Optional.of(new Invalid("routes", routes.size() + " routes", "1 to " + ROUTES_MAX));
        }
        var targets = new HashSet<String>();
        int sum = 0;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            String field = "routes[" + i + "]";
            if (!Route.isTarget(route.to())) {
                return Optional.of(new Invalid(field + ".to", route.to(), Route.TO_EXPECTED));
            }
            if (!targets.add(route.to())) {
                return Optional.of(new Invalid(field + ".to", route.to(), "each target once"));
            }
            if (route.weight() < 1 || route.weight() > PLACES) {
                return Optional.of(
                        new Invalid(field + ".weight", String.valueOf(route.weight()), "1 to " + PLACES + " percent"));
            }
            sum += route.weight();
        }
        return sum == PLACES
                ? Optional.empty()
                : Optional.of(new Invalid("routes", "weights that sum to " + sum, "weights that sum to " + PLACES));
    }

    /** Targets with their weights, in the order of their first slices. */
    public List<Route> routes() {
        var weights = new LinkedHashMap<String, Integer>();
        slices.forEach(slice -> weights.merge(slice.to(), slice.until() - slice.from(), Integer::sum));
        return weights.entrySet().stream()
                .map(each -> new Route(each.getKey(), each.getValue()))
                .toList();
    }

    /** The target with the largest weight, the first of equals: what answers where no key decides. */
    public String main() {
        return routes().stream()
                .max(Comparator.comparingInt(Route::weight))
                .orElseThrow()
                .to();
    }

    /** With these weights instead, moving as few places as possible; the routes must be sound. */
    public Routing reweighted(List<Route> routes) {
        var room = new HashMap<String, Integer>();
        routes.forEach(route -> room.put(route.to(), route.weight()));
        String[] owners = new String[PLACES];
        for (Slice slice : slices) {
            for (int place = slice.from(); place < slice.until(); place++) {
                if (takes(room, slice.to())) {
                    owners[place] = slice.to();
                }
            }
        }
        for (int place = 0; place < PLACES; place++) {
            if (owners[place] == null) {
                owners[place] = routes.stream()
                        .map(Route::to)
                        .filter(to -> takes(room, to))
                        .findFirst()
                        .orElseThrow();
            }
        }
        return ofOwners(owners);
    }

    private static boolean takes(Map<String, Integer> room, String to) {
        int left = room.getOrDefault(to, 0);
        if (left > 0) {
            room.put(to, left - 1);
        }
        return left > 0;
    }

    private static Routing ofOwners(String[] owners) {
        var slices = new ArrayList<Slice>();
        int from = 0;
        for (int place = 1; place <= PLACES; place++) {
            if (place == PLACES || !owners[place].equals(owners[from])) {
                slices.add(new Slice(from, place, owners[from]));
                from = place;
            }
        }
        return new Routing(slices);
    }
}
