package dev.triptych.runtime;

import akka.Done;
import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import dev.triptych.runtime.postgres.Leases;
import dev.triptych.runtime.postgres.NodeLease;
import dev.triptych.runtime.tls.NodeCertificates;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a node becomes a member of its cluster, and stays one for as long as it is heard of. */
final class Membership {

    private static final Duration JOIN_MAX = Duration.ofSeconds(60);

    /** Until others are asked for again: those that were found may have died meanwhile. */
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(15);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private final ActorSystem<?> actors;
    private final ClusterSettings settings;
    private final NodeLease lease;
    private final Cluster cluster;
    private final CountDownLatch ended = new CountDownLatch(1);

    Membership(ActorSystem<?> actors, ClusterSettings settings, NodeLease lease) {
        this.actors = actors;
        this.settings = settings;
        this.lease = lease;
        this.cluster = Cluster.get(actors);
        CoordinatedShutdown.get(actors).addTask("shards-move", "await", this::shardsMoved);
        actors.getWhenTerminated().thenRun(ended::countDown);
    }

    /**
     * Joins, or forms the cluster, and returns once the node is a member.
     *
     * @throws StartFailure if nobody takes it in
     */
    void join() {
        Address self = cluster.selfMember().address();
        lease.listens(self.getHost().get() + ":" + self.getPort().get());
        lease.tell(settings.isAlone() ? untilNanos -> {} : Tenure.get(actors)::until, this::leave);
        long giveUp = System.nanoTime() + JOIN_MAX.toNanos();
        while (!isMember()) {
            attempt();
            if (!await(ATTEMPT_MAX) && System.nanoTime() - giveUp > 0) {
                throw new StartFailure("No node of the cluster " + settings.name() + " took this one in within "
                        + JOIN_MAX.toSeconds() + " s; see whether they reach "
                        + self.getHost().get() + ":"
                        + self.getPort().get() + ", or name another address with --cluster-host.");
            }
        }
        lease.joined();
    }

    private void attempt() {
        List<String> found = switch (settings.formation()) {
            case ALONE -> List.of();
            case DATABASE -> lease.joinable();
            case SEEDS -> settings.seeds();
        };
        NodeCertificates.strangers(actors.settings().config(), found).ifPresent(reason -> {
            throw new StartFailure(reason);
        });
        if (found.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            cluster.manager()
                    .tell(new JoinSeedNodes(found.stream()
                            .map(address -> AddressFromURIString.parse("akka://" + actors.name() + "@" + address))
                            .toList()));
        }
    }

    /** A node that was given up has nothing to hand over, and one without others nobody. */
    private CompletionStage<Done> shardsMoved() {
        return isMember() && !PatientAsk.isAlone(actors)
                ? Leases.get(actors).settled()
                : CompletableFuture.completedStage(Done.getInstance());
    }

    private boolean isMember() {
        return cluster.selfMember().status().equals(MemberStatus.up());
    }

    /** @return whether it is a member by then */
    private boolean await(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (!isMember() && System.nanoTime() - until < 0) {
                if (ended.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw refused();
                }
            }
            return isMember();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("The node was stopped while it started.", e);
        }
    }

    private StartFailure refused() {
        boolean misfit = CoordinatedShutdown.get(actors)
                .getShutdownReason()
                .filter(CoordinatedShutdown.incompatibleConfigurationDetectedReason()::equals)
                .isPresent();
        return misfit
                ? new StartFailure("triptych.cluster.seeds: " + String.join(", ", settings.seeds())
                        + " (expected: nodes on this node's database, which belongs to cluster " + lease.cluster()
                        + "); mend --seed or --postgres.")
                : new StartFailure("The node was stopped while it joined the cluster " + settings.name() + ".");
    }

    /** Others have taken over what this node owned: it neither hands over nor says goodbye. */
    private void leave() {
        actors.log().error("This node was not heard of in time, and others have taken over what it owned; it ends");
        cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
}
