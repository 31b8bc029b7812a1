package dev.triptych.systems.titanic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The joint distribution of the real passengers, as far as 1,309 of them tell it. A party (who shares a surname and a
 * class) is drawn whole: its class and size from the parties, then each member's title and sex given class and size of
 * party, age given class and title, kin given class, title and size, and the outcome given class, sex and childhood.
 */
final class Population {

    /** Added to both outcomes of a cell, so that a rare kind of passenger is not certain to live or die. */
    private static final double SMOOTHING = 1;

    /** Standard deviation of the noise on a drawn age, in years, so that ages are not only the real ones. */
    private static final double AGE_NOISE_YEARS = 1.5;

    private static final double AGE_MIN_YEARS = 0.2;
    private static final double AGE_MAX_YEARS = 80;

    /** A party's class and how many are in it. */
    private record Party(String passengerClass, int size) {}

    private record Company(String passengerClass, int sizeBand) {}

    private record Kind(String passengerClass, String title) {}

    private record KinKind(String passengerClass, String title, int sizeBand) {}

    private record Fate(String passengerClass, String sex, boolean child) {}

    private final List<Passenger> all;
    private final List<Party> parties = new ArrayList<>();
    private final Map<Company, List<Passenger>> byCompany;
    private final Map<Kind, List<Passenger>> byKind;
    private final Map<KinKind, List<Passenger>> byKinKind;
    private final Map<Fate, List<Passenger>> byFate;

    Population(List<Passenger> all) {
        this.all = List.copyOf(all);
        Map<String, List<Passenger>> byParty = all.stream()
                .collect(Collectors.groupingBy(Population::party, java.util.TreeMap::new, Collectors.toList()));
        byParty.values().forEach(party -> parties.add(new Party(party.getFirst().passengerClass(), party.size())));
        byCompany =
                all.stream().collect(Collectors.groupingBy(p -> new Company(p.passengerClass(), sizeBand(byParty, p))));
        byKind = all.stream().collect(Collectors.groupingBy(p -> new Kind(p.passengerClass(), p.title())));
        byKinKind = all.stream()
                .collect(Collectors.groupingBy(p -> new KinKind(p.passengerClass(), p.title(), sizeBand(byParty, p))));
        byFate = all.stream().collect(Collectors.groupingBy(Population::fate));
    }

    private static String party(Passenger passenger) {
        return passenger.surname() + "/" + passenger.passengerClass();
    }

    private static int sizeBand(Map<String, List<Passenger>> byParty, Passenger passenger) {
        return sizeBand(byParty.getOrDefault(party(passenger), List.of()).size());
    }

    /** Alone, two, three or four, more. */
    private static int sizeBand(int size) {
        return size <= 2 ? size : size <= 4 ? 3 : 5;
    }

    private static Fate fate(Passenger passenger) {
        return new Fate(passenger.passengerClass(), passenger.sex(), passenger.isChild());
    }

    /** A new party, its members' outcomes drawn. */
    List<Passenger> draw(RandomGenerator random) {
        Party party = pick(parties, random);
        String surname = pick(all, random).surname() + "-" + pick(all, random).surname();
        int band = sizeBand(party.size());
        var members = new ArrayList<Passenger>();
        for (int i = 0; i < party.size(); i++) {
            members.add(member(surname, party.passengerClass(), band, random));
        }
        return members;
    }

    private Passenger member(String surname, String passengerClass, int band, RandomGenerator random) {
        Passenger like = pick(byCompany.getOrDefault(new Company(passengerClass, band), all), random);
        List<Passenger> peers = byKind.getOrDefault(new Kind(passengerClass, like.title()), List.of(like));
        Passenger kin =
                pick(byKinKind.getOrDefault(new KinKind(passengerClass, like.title(), band), List.of(like)), random);
        var undecided = new Passenger(
                surname,
                like.title(),
                pick(peers, random).givenName(),
                false,
                like.sex(),
                age(pick(peers, random).age(), random),
                passengerClass,
                kin.sibsp(),
                kin.parch());
        return random.nextDouble() < survivalRate(undecided) ? survivor(undecided) : undecided;
    }

    private static OptionalDouble age(OptionalDouble drawn, RandomGenerator random) {
        if (drawn.isEmpty()) {
            return drawn;
        }
        double noisy = drawn.getAsDouble() + AGE_NOISE_YEARS * random.nextGaussian();
        double bounded = Math.min(AGE_MAX_YEARS, Math.max(AGE_MIN_YEARS, noisy));
        return OptionalDouble.of(Math.round(bounded * 10) / 10.0);
    }

    /** Among the real passengers of the same class, sex and childhood; in (0, 1). */
    double survivalRate(Passenger passenger) {
        List<Passenger> alike = byFate.getOrDefault(fate(passenger), List.of());
        long survivors = alike.stream().filter(Passenger::survived).count();
        return (survivors + SMOOTHING) / (alike.size() + 2 * SMOOTHING);
    }

    private static Passenger survivor(Passenger p) {
        return new Passenger(
                p.surname(),
                p.title(),
                p.givenName(),
                true,
                p.sex(),
                p.age(),
                p.passengerClass(),
                p.sibsp(),
                p.parch());
    }

    private static <T> T pick(List<T> among, RandomGenerator random) {
        return among.get(random.nextInt(among.size()));
    }
}
