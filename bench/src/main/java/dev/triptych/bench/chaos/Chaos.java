package dev.triptych.bench.chaos;

import dev.triptych.bench.ScratchFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Does bad things to clusters of real processes, and counts what clients lost by it: {@code chaos [SCENARIO…]}, all of them
 * where none is named. Those that follow one another on one ground share a cluster, which is made whole in between. Needs
 * Linux; exits with 1 where anything is missed.
 */
public final class Chaos {

    private static final Duration WARM = Duration.ofSeconds(1);
    private static final Duration CALM = Duration.ofSeconds(5);

    private Chaos() {}

    /** @return whether everything was met */
    public static boolean run(List<String> names) throws Exception {
        List<Scenario> chosen = Scenario.all().stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
        if (chosen.size() < names.size()) {
            System.err.println("chaos: " + String.join(", ", names) + " (expected: of "
                    + Scenario.all().stream().map(Scenario::name).collect(Collectors.joining(", ")) + ")");
            return false;
        }
        var rows = new ArrayList<String>();
        boolean met = true;
        try (var grounds = new Grounds()) {
            for (Scenario scenario : chosen) {
                System.err.println(scenario.name() + ": " + scenario.what());
                Optional<String> missing = scenario.ground().missing();
                if (missing.isPresent()) {
                    rows.add(String.format("%-16s SKIPPED: %s is needed", scenario.name(), missing.get()));
                } else {
                    met &= play(scenario, grounds, rows);
                }
                System.err.println(Verdict.heading() + "\n" + rows.getLast());
            }
        }
        System.out.println(Verdict.heading());
        rows.forEach(System.out::println);
        return met;
    }

    private static boolean play(Scenario scenario, Grounds grounds, List<String> rows) throws Exception {
        try {
            Verdict verdict = play(scenario, grounds.fleet(scenario.ground()));
            rows.add(verdict.row());
            if (!verdict.met()) {
                grounds.leave(true);
            }
            return verdict.met();
        } catch (IllegalStateException | ExecutionException | TimeoutException e) {
            rows.add(String.format("%-16s ENDED: %s", scenario.name(), e));
            grounds.leave(true);
            return false;
        }
    }

    static Verdict play(Scenario scenario, Fleet fleet) throws Exception {
        fleet.restore();
        try (var clients = new RecordingClients(fleet::addresses)) {
            clients.start();
            while (!clients.haveSeenEveryKeyTwice()) {
                RecordingClients.pause(WARM);
            }
            scenario.before().to(fleet);
            clients.forget();
            long begun = System.nanoTime();
            scenario.doing().to(fleet);
            RecordingClients.pause(CALM);
            clients.stop();
            return Verdict.of(scenario, clients, fleet.database(), begun);
        }
    }

    /** One cluster at a time, kept for as long as scenarios find it whole. */
    private static final class Grounds implements AutoCloseable {
        private Optional<Fleet> current = Optional.empty();
        private Ground ground = Ground.LOOPBACK;
        private Optional<ScratchFolder> folder = Optional.empty();

        Fleet fleet(Ground wanted) throws Exception {
            if (current.isPresent() && ground == wanted) {
                return current.get();
            }
            leave(false);
            ScratchFolder scratch = ScratchFolder.create("chaos");
            folder = Optional.of(scratch);
            Fleet fleet = Fleet.serving(scratch.path(), wanted);
            current = Optional.of(fleet);
            ground = wanted;
            return fleet;
        }

        /** @param kept what the nodes said, to look into it */
        void leave(boolean kept) {
            if (current.isEmpty()) {
                return;
            }
            current.get().close();
            current = Optional.empty();
            ScratchFolder scratch = folder.orElseThrow();
            if (kept) {
                System.err.println("  what the nodes said is in " + scratch.path());
            } else {
                scratch.close();
            }
        }

        @Override
        public void close() {
            leave(false);
        }
    }
}
