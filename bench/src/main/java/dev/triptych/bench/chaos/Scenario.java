package dev.triptych.bench.chaos;

import static dev.triptych.bench.chaos.RecordingClients.pause;

import java.time.Duration;
import java.util.List;

/**
 * Something that happens to a cluster of three while clients go on.
 *
 * @param servedAgainMax seconds within which every key must be acknowledged again
 * @param failedMax requests that may fail for good
 * @param ownNetworks whether every node has a network of its own
 */
record Scenario(String name, String what, double servedAgainMax, int failedMax, boolean ownNetworks, Doing doing) {

    private Scenario(String name, String what, double servedAgainMax, int failedMax, Doing doing) {
        this(name, what, servedAgainMax, failedMax, false, doing);
    }

    interface Doing {
        void to(Fleet fleet) throws Exception;
    }

    /** From one step to the next: load in between. */
    private static final Duration STEP = Duration.ofSeconds(5);

    private static final Duration OUTAGE = Duration.ofSeconds(30);

    static List<Scenario> all() {
        return List.of(
                new Scenario("kill-each", "kill -9 of each node in turn, started again each time", 15, 0, fleet -> {
                    for (String node : List.of("n3", "n2", "n1")) {
                        fleet.kill(node);
                        pause(Duration.ofSeconds(20));
                        fleet.start(node);
                        pause(STEP);
                    }
                }),
                new Scenario("kill-oldest", "kill -9 of the oldest node, which has every singleton", 15, 0, fleet -> {
                    fleet.kill("n1");
                    pause(Duration.ofSeconds(20));
                }),
                new Scenario("kill-two", "kill -9 of two of three at once", 20, 0, fleet -> {
                    fleet.kill("n1");
                    fleet.kill("n2");
                    pause(Duration.ofSeconds(25));
                }),
                new Scenario("leave", "SIGTERM to one node", 5, 0, fleet -> {
                    fleet.stop("n2");
                    pause(STEP);
                }),
                new Scenario("leave-oldest", "SIGTERM to the oldest node", 5, 0, fleet -> {
                    fleet.stop("n1");
                    pause(STEP);
                }),
                new Scenario("rolling", "every node stopped in order and started again", 5, 0, fleet -> {
                    for (String node : List.of("n3", "n2", "n1")) {
                        fleet.stop(node);
                        fleet.start(node);
                        pause(STEP);
                    }
                }),
                new Scenario("pause", "SIGSTOP of the oldest node for 30 s", 20, 0, fleet -> {
                    fleet.signal("n1", "-STOP");
                    pause(OUTAGE);
                    fleet.signal("n1", "-CONT");
                    pause(Duration.ofSeconds(20));
                }),
                new Scenario("postgres-pause", "PostgreSQL silent for 30 s", 45, 0, fleet -> {
                    List<ProcessHandle> silent = fleet.postgres();
                    Fleet.signal("-STOP", silent);
                    pause(OUTAGE);
                    Fleet.signal("-CONT", silent);
                    pause(Duration.ofSeconds(15));
                }),
                new Scenario("postgres-kill", "kill -9 of PostgreSQL, which is started again", 15, 0, fleet -> {
                    Fleet.signal("-KILL", fleet.postgres());
                    pause(Duration.ofSeconds(20));
                }),
                new Scenario("scale", "three nodes, five, then two", 10, 0, fleet -> {
                    fleet.begin("n4");
                    fleet.begin("n5");
                    fleet.awaitReady("n4");
                    fleet.awaitReady("n5");
                    pause(STEP);
                    for (String node : List.of("n1", "n2", "n3")) {
                        fleet.stop(node);
                    }
                    pause(STEP);
                }),
                new Scenario(
                        "partition",
                        "one node cut off from two for 40 s, PostgreSQL seen by all",
                        20,
                        0,
                        true,
                        fleet -> {
                            Namespaces network = fleet.network();
                            cutOff(network, List.of());
                            pause(Duration.ofSeconds(40));
                            mend(network, List.of());
                            pause(Duration.ofSeconds(20));
                        }),
                new Scenario(
                        "isolation", "one node cut off from two and from PostgreSQL for 40 s", 20, 0, true, fleet -> {
                            Namespaces network = fleet.network();
                            cutOff(network, List.of(Namespaces.OUTSIDE));
                            pause(Duration.ofSeconds(40));
                            mend(network, List.of(Namespaces.OUTSIDE));
                            pause(Duration.ofSeconds(20));
                        }),
                new Scenario("asymmetric", "what one node sends to another is dropped for 40 s", 25, 0, true, fleet -> {
                    Namespaces network = fleet.network();
                    network.cut("n1", network.address("n2"));
                    pause(Duration.ofSeconds(40));
                    network.mend("n1", network.address("n2"));
                    pause(Duration.ofSeconds(20));
                }));
    }

    /** The oldest, which has every singleton, and whose clients go on asking it. */
    private static void cutOff(Namespaces network, List<String> more) throws Exception {
        for (String other : List.of("n2", "n3")) {
            network.cut("n1", network.address(other));
            network.cut(other, network.address("n1"));
        }
        for (String other : more) {
            network.cut("n1", other);
        }
    }

    private static void mend(Namespaces network, List<String> more) throws Exception {
        for (String other : List.of("n2", "n3")) {
            network.mend("n1", network.address(other));
            network.mend(other, network.address("n1"));
        }
        for (String other : more) {
            network.mend("n1", other);
        }
    }
}
