package dev.triptych.runtime.postgres;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one node of the cluster alone may do at a time, in table {@code cluster_lease}: be the home of a shard, run a
 * singleton, go on after a partition. Taking it from a node that was not heard of for longer than its lease ends that
 * node first, see {@link NodeLease#end}; from one that is alive it cannot be taken.
 */
public final class Leases implements Extension {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final int TRIES_MAX = 8;
    private static final long PAUSE_NANOS = 40_000_000;

    /** No lease was taken for so long: nobody is about to take one. */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(1);

    private static final Duration SETTLE_MAX = Duration.ofSeconds(5);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    private static final ExtensionId<Leases> ID = new ExtensionId<>() {
        @Override
        public Leases createExtension(ActorSystem<?> system) {
            return new Leases();
        }
    };

    private record Owner(DataSource database, UUID incarnation, Executor blocking) {}

    private volatile @Nullable Owner owner;

    private Leases() {}

    /** One for each actor system; of no use before {@link #by}. */
    public static Leases get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Whose they are. Called before the node joins. */
    public void by(DataSource database, UUID incarnation, Executor blocking) {
        owner = new Owner(database, incarnation, blocking);
    }

    /** False where a living node has it. */
    CompletionStage<Boolean> acquire(String name) {
        Owner asking = owner;
        return asking == null
                ? CompletableFuture.failedStage(new IllegalStateException("no database holds leases for this node"))
                : CompletableFuture.supplyAsync(() -> acquireSoon(asking, name), asking.blocking());
    }

    /** A node that gives it back does so a moment after it said that it would. */
    private static boolean acquireSoon(Owner owner, String name) {
        for (int i = 0; i < TRIES_MAX; i++) {
            if (acquire(owner, name)) {
                return true;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return false;
    }

    CompletionStage<Boolean> release(String name) {
        Owner asking = owner;
        return asking == null
                ? CompletableFuture.completedStage(true)
                : CompletableFuture.supplyAsync(() -> release(asking, name), asking.blocking());
    }

    /** Ends when what this node has given back was taken by others, as far as they ask for it; in five seconds at most. */
    public CompletionStage<Done> settled() {
        Owner asking = owner;
        return asking == null
                ? CompletableFuture.completedStage(Done.getInstance())
                : CompletableFuture.supplyAsync(
                        () -> {
                            settle(asking);
                            return Done.getInstance();
                        },
                        asking.blocking());
    }

    private static void settle(Owner owner) {
        long begun = System.nanoTime();
        long changed = begun;
        String before = "";
        try (Connection open = owner.database().getConnection()) {
            while (System.nanoTime() - changed < SETTLED_AFTER.toNanos()
                    && System.nanoTime() - begun < SETTLE_MAX.toNanos()) {
                String held = Rows.texts(open, "SELECT count(*)::text FROM cluster_lease")
                        .getFirst();
                if (!held.equals(before)) {
                    before = held;
                    changed = System.nanoTime();
                }
                LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            }
        } catch (SQLException e) {
            LOG.debug("Whether shards have moved cannot be seen", e);
        }
    }

    private static boolean acquire(Owner owner, String name) {
        String own = owner.incarnation().toString();
        try (Connection open = owner.database().getConnection()) {
            open.setAutoCommit(false);
            NodeLease.end(
                    open,
                    "alive_until < clock_timestamp() AND incarnation <> ?::uuid"
                            + " AND incarnation = (SELECT incarnation FROM cluster_lease WHERE name = ?)",
                    own,
                    name);
            int taken = Rows.update(open, """
                            INSERT INTO cluster_lease AS held (name, incarnation) VALUES (?, ?::uuid)
                            ON CONFLICT (name) DO UPDATE SET incarnation = excluded.incarnation
                            WHERE held.incarnation = excluded.incarnation OR NOT EXISTS (
                                SELECT FROM cluster_node WHERE cluster_node.incarnation = held.incarnation)""", name, own);
            open.commit();
            return taken == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("the lease " + name + " could not be taken: " + e.getMessage(), e);
        }
    }

    private static boolean release(Owner owner, String name) {
        try (Connection open = owner.database().getConnection()) {
            Rows.update(
                    open,
                    "DELETE FROM cluster_lease WHERE name = ? AND incarnation = ?::uuid",
                    name,
                    owner.incarnation().toString());
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("the lease " + name + " could not be given back: " + e.getMessage(), e);
        }
    }
}
