package dev.triptych.bench.chaos;

import static dev.triptych.bench.chaos.RecordingClients.pause;

import java.time.Duration;
import java.util.List;

/**
 * Something that happens to a cluster of three while clients go on.
 *
 * @param servedAgainMax seconds within which every key must be acknowledged again
 * @param runsFailedMax training runs that may fail, with a reason; requests never may
 * @param ground where it happens; scenarios of one ground that follow one another share a cluster
 * @param before what is done to the cluster first, of which clients must not notice anything either
 */
record Scenario(
        String name, String what, double servedAgainMax, int runsFailedMax, Ground ground, Doing before, Doing doing) {

    private static final Doing NOTHING = fleet -> {};

    private Scenario(String name, String what, double servedAgainMax, Ground ground, Doing doing) {
        this(name, what, servedAgainMax, 0, ground, NOTHING, doing);
    }

    interface Doing {
        void to(Fleet fleet) throws Exception;
    }

    /** From one step to the next: load in between. */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** Long enough that a node that is dead is given up, and what it owned taken over. */
    private static final Duration TAKING_OVER = Duration.ofSeconds(15);

    private static final Duration OUTAGE = Duration.ofSeconds(30);
    private static final String LOST_PACKETS = "0.05";
    private static final String SLOW = "1mbit";
    private static final Duration CLOCK_JUMP = Duration.ofHours(1);

    static List<Scenario> all() {
        return List.of(
                new Scenario("leave", "SIGTERM to one node", 5, Ground.LOOPBACK, fleet -> {
                    fleet.stop(fleet.youngest());
                    pause(STEP);
                }),
                new Scenario("leave-oldest", "SIGTERM to the oldest node", 5, Ground.LOOPBACK, fleet -> {
                    fleet.stop(fleet.oldest());
                    pause(STEP);
                }),
                new Scenario("rolling", "every node stopped in order and started again", 5, Ground.LOOPBACK, fleet -> {
                    for (String node : fleet.byAge().reversed()) {
                        fleet.stop(node);
                        fleet.start(node);
                        pause(STEP);
                    }
                }),
                new Scenario(
                        "kill-each",
                        "kill -9 of each node in turn, started again each time",
                        15,
                        Ground.LOOPBACK,
                        fleet -> {
                            for (String node : fleet.byAge().reversed()) {
                                fleet.kill(node);
                                pause(TAKING_OVER);
                                fleet.start(node);
                                pause(STEP);
                            }
                        }),
                new Scenario(
                        "kill-oldest",
                        "kill -9 of the oldest node, which has every singleton",
                        15,
                        Ground.LOOPBACK,
                        fleet -> {
                            fleet.kill(fleet.oldest());
                            pause(TAKING_OVER);
                        }),
                new Scenario("kill-two", "kill -9 of two of three at once", 20, Ground.LOOPBACK, fleet -> {
                    fleet.kill(fleet.oldest());
                    fleet.kill(fleet.oldest());
                    pause(Duration.ofSeconds(20));
                }),
                new Scenario("scale", "three nodes, five, then two", 10, Ground.LOOPBACK, fleet -> {
                    List<String> three = fleet.byAge();
                    fleet.begin("n4");
                    fleet.begin("n5");
                    fleet.awaitReady("n4");
                    fleet.awaitReady("n5");
                    pause(STEP);
                    for (String node : three) {
                        fleet.stop(node);
                    }
                    pause(STEP);
                }),
                new Scenario("pause", "SIGSTOP of the oldest node for 30 s", 20, Ground.LOOPBACK, fleet -> {
                    String node = fleet.oldest();
                    fleet.signal(node, "-STOP");
                    pause(OUTAGE);
                    fleet.signal(node, "-CONT");
                    fleet.rejoins(node);
                    pause(TAKING_OVER);
                }),
                new Scenario("postgres-pause", "PostgreSQL silent for 30 s", 45, Ground.LOOPBACK, fleet -> {
                    List<ProcessHandle> silent = fleet.postgres();
                    Fleet.signal("-STOP", silent);
                    pause(OUTAGE);
                    Fleet.signal("-CONT", silent);
                    pause(TAKING_OVER);
                }),
                new Scenario(
                        "postgres-kill",
                        "kill -9 of PostgreSQL, which is started again",
                        15,
                        Ground.LOOPBACK,
                        fleet -> {
                            Fleet.signal("-KILL", fleet.postgres());
                            pause(TAKING_OVER);
                        }),
                new Scenario(
                        "clock",
                        "the wall clock of one node an hour ahead for 10 s, then an hour behind for 10 s",
                        5,
                        0,
                        Ground.OWN_CLOCK,
                        fleet -> fleet.restartWithClock(fleet.youngest()),
                        fleet -> {
                            fleet.shiftClock(CLOCK_JUMP);
                            pause(Duration.ofSeconds(10));
                            fleet.shiftClock(CLOCK_JUMP.negated());
                            pause(Duration.ofSeconds(10));
                            fleet.shiftClock(Duration.ZERO);
                            pause(STEP);
                        }),
                new Scenario(
                        "disk-full",
                        "the disk of the offline store full for 20 s",
                        5,
                        Integer.MAX_VALUE,
                        Ground.SMALL_DISK,
                        NOTHING,
                        fleet -> {
                            fleet.fillDisk();
                            pause(Duration.ofSeconds(20));
                            fleet.emptyDisk();
                            pause(Duration.ofSeconds(10));
                        }),
                new Scenario(
                        "loss",
                        "one packet of twenty lost on the way to each node for 30 s",
                        10,
                        Ground.NETWORKS,
                        fleet -> {
                            for (String node : fleet.byAge()) {
                                fleet.network().lose(node, LOST_PACKETS);
                            }
                            pause(OUTAGE);
                            for (String node : fleet.byAge()) {
                                fleet.network().loseNoMore(node, LOST_PACKETS);
                            }
                            pause(STEP);
                        }),
                new Scenario(
                        "slow-link",
                        "the link of one node slowed down to 1 Mbit/s both ways for 30 s",
                        15,
                        Ground.NETWORKS,
                        fleet -> {
                            String node = fleet.youngest();
                            fleet.network().slow(node, SLOW);
                            pause(OUTAGE);
                            fleet.network().fast(node);
                            pause(TAKING_OVER);
                        }),
                new Scenario(
                        "partition",
                        "one node cut off from two for 30 s, PostgreSQL seen by all",
                        20,
                        Ground.NETWORKS,
                        fleet -> cutOff(fleet, List.of())),
                new Scenario(
                        "isolation",
                        "one node cut off from two and from PostgreSQL for 30 s",
                        20,
                        Ground.NETWORKS,
                        fleet -> cutOff(fleet, List.of(Namespaces.OUTSIDE))),
                new Scenario(
                        "asymmetric",
                        "what one node sends to another is dropped for 30 s",
                        25,
                        Ground.NETWORKS,
                        fleet -> {
                            String from = fleet.oldest();
                            String to = fleet.youngest();
                            fleet.network().cut(from, fleet.network().address(to));
                            pause(OUTAGE);
                            fleet.network().mend(from, fleet.network().address(to));
                            pause(TAKING_OVER);
                        }));
    }

    /** A fleet of an earlier build becomes one of this build; in between there are nodes of both. */
    static Scenario upgradeFrom(String revision) {
        return new Scenario(
                "upgrade",
                "every node of " + revision + " stopped in order, and started as this build",
                15,
                0,
                Ground.LOOPBACK,
                Fleet::upgrade,
                fleet -> {
                    for (String node : fleet.byAge().reversed()) {
                        fleet.stop(node);
                        fleet.start(node);
                        pause(TAKING_OVER);
                    }
                });
    }

    /** The oldest, which has every singleton, and whose clients go on asking it. */
    private static void cutOff(Fleet fleet, List<String> more) throws Exception {
        Namespaces network = fleet.network();
        String alone = fleet.oldest();
        List<String> others =
                fleet.byAge().stream().filter(node -> !node.equals(alone)).toList();
        for (String other : others) {
            network.cut(alone, network.address(other));
            network.cut(other, network.address(alone));
        }
        for (String other : more) {
            network.cut(alone, other);
        }
        pause(OUTAGE);
        for (String other : others) {
            network.mend(alone, network.address(other));
            network.mend(other, network.address(alone));
        }
        for (String other : more) {
            network.mend(alone, other);
        }
        fleet.rejoins(alone);
        pause(TAKING_OVER);
    }
}
