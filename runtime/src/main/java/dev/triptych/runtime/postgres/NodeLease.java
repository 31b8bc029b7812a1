package dev.triptych.runtime.postgres;

import dev.triptych.runtime.StartFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's own place among the living ones of its cluster, in table {@code cluster_node}. It is renewed all the time;
 * where that fails for {@link #TTL}, others may take over what the node owns. They do it by deleting its row, for which
 * PostgreSQL lets the node's commits to the journal end first; after that it can write no more.
 */
public final class NodeLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

    /** From a renewal to when others may take over, by the database's clock. */
    private static final Duration TTL = Duration.ofSeconds(8);

    private static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(2);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    /** By which a node stops to answer earlier than others may take over, whatever the rates of their clocks. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    /** After which a renewal that hangs is tried over another connection. */
    private static final String SILENCE_MAX_SECONDS = "3";

    /** Once known to be alone, and before anybody has been told. */
    private static final LongConsumer NOBODY = untilNanos -> {};

    /**
     * Who wants to be a node.
     *
     * @param cluster its name
     * @param node its own name
     * @param incarnation of this start of it
     * @param protocol of its messages; living nodes of one cluster have the same
     * @param alone whether no other node may be alive
     * @param undisputed whether nobody else can reach the database, so that whoever is in its table is dead
     */
    public record Candidate(
            String cluster, String node, UUID incarnation, int protocol, boolean alone, boolean undisputed) {}

    /** How to reach the database. */
    public record Access(String url, String user, String password) {}

    private final DataSource database;
    private final Access access;
    private final UUID cluster;
    private final UUID incarnation;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long untilNanos;
    private volatile LongConsumer tenure = NOBODY;
    private volatile Runnable lost = () -> {};

    /** Of the renewing thread. */
    private @Nullable Connection renewing;

    private NodeLease(DataSource database, Access access, UUID cluster, UUID incarnation, long untilNanos) {
        this.database = database;
        this.access = access;
        this.cluster = cluster;
        this.incarnation = incarnation;
        this.untilNanos = untilNanos;
    }

    /**
     * Takes the node's place, and keeps it. Where a node of the same name has just died, waits until its time is over.
     *
     * @throws StartFailure if the database is another cluster's, the name is a living node's, living nodes speak another
     *     protocol, or the node wants to be alone and is not
     */
    public static NodeLease take(DataSource database, Access access, Candidate candidate) {
        try (Connection open = database.getConnection()) {
            open.setAutoCommit(false);
            UUID cluster = cluster(open, candidate, access);
            if (candidate.undisputed()) {
                Rows.update(open, "DELETE FROM cluster_node");
            }
            open.commit();
            long asked = takeName(open, candidate);
            if (candidate.alone()) {
                awaitSolitude(open, candidate, access);
            }
            var lease = new NodeLease(
                    database,
                    access,
                    cluster,
                    candidate.incarnation(),
                    asked + TTL.minus(MARGIN).toNanos());
            Thread.ofPlatform().daemon().name("triptych-node-lease").start(lease::keep);
            return lease;
        } catch (SQLException e) {
            throw new StartFailure("The database at " + access.url() + " cannot be used: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("The node was stopped while it started.", e);
        }
    }

    private static UUID cluster(Connection open, Candidate candidate, Access access) throws SQLException {
        Rows.update(open, "INSERT INTO cluster (name) VALUES (?) ON CONFLICT DO NOTHING", candidate.cluster());
        List<String> found = Rows.texts(open, "SELECT name FROM cluster UNION ALL SELECT id::text FROM cluster");
        String name = found.getFirst();
        if (!name.equals(candidate.cluster())) {
            throw new StartFailure("The database at " + access.url() + " belongs to the cluster " + name
                    + ", and this node to " + candidate.cluster()
                    + "; mend triptych.cluster.name, or name another database.");
        }
        return UUID.fromString(found.getLast());
    }

    /** @return when it was asked for, by {@link System#nanoTime} */
    private static long takeName(Connection open, Candidate candidate) throws SQLException, InterruptedException {
        Optional<String> first = Optional.empty();
        while (true) {
            List<String> others = Rows.texts(
                    open,
                    "SELECT protocol::text FROM cluster_node WHERE alive_until > clock_timestamp() AND protocol <> ?",
                    candidate.protocol());
            if (!others.isEmpty()) {
                throw new StartFailure("The living nodes of this cluster speak protocol " + others.getFirst()
                        + ", and this release speaks " + candidate.protocol()
                        + "; start a release of theirs, or stop them first.");
            }
            end(open, "name = ? AND alive_until < clock_timestamp()", candidate.node());
            long asked = System.nanoTime();
            int taken = Rows.update(
                    open,
                    "INSERT INTO cluster_node (name, incarnation, protocol, alive_until)"
                            + " VALUES (?, ?::uuid, ?, clock_timestamp() + ?::interval) ON CONFLICT (name) DO NOTHING",
                    candidate.node(),
                    candidate.incarnation().toString(),
                    candidate.protocol(),
                    TTL.toString());
            open.commit();
            if (taken == 1) {
                return asked;
            }
            Optional<String> renewed =
                    Rows.texts(open, "SELECT alive_until::text FROM cluster_node WHERE name = ?", candidate.node())
                            .stream()
                            .findFirst();
            open.commit();
            if (first.isPresent() && renewed.isPresent() && !renewed.equals(first)) {
                throw new StartFailure("triptych.node: " + candidate.node()
                        + " (expected: a name of its own; a living node of this cluster has this one); stop that node,"
                        + " or choose another name with --node-name.");
            }
            first = renewed;
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
    }

    private static void awaitSolitude(Connection open, Candidate candidate, Access access)
            throws SQLException, InterruptedException {
        long giveUp = System.nanoTime() + TTL.plus(RENEWAL_INTERVAL).toNanos();
        while (true) {
            end(open, "name <> ? AND alive_until < clock_timestamp()", candidate.node());
            List<String> others = Rows.texts(
                    open, "SELECT name || ' at ' || address FROM cluster_node WHERE name <> ?", candidate.node());
            open.commit();
            if (others.isEmpty()) {
                return;
            }
            if (System.nanoTime() - giveUp > 0) {
                Rows.update(open, "DELETE FROM cluster_node WHERE name = ?", candidate.node());
                open.commit();
                throw new StartFailure("The database at " + access.url() + " is in use by node " + others.getFirst()
                        + ", and this node is to be alone; stop that one, or join it with --profile cluster.");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
        }
    }

    /**
     * Ends nodes: what they have begun to commit is committed, and nothing after it. Their connections go too, with the
     * locks they hold.
     *
     * @param which a condition on cluster_node
     */
    static void end(Connection open, String which, Object... values) throws SQLException {
        for (String ended :
                Rows.texts(open, "DELETE FROM cluster_node WHERE " + which + " RETURNING incarnation::text", values)) {
            LOG.warn("What incarnation {} of a node owned is taken over: it was not heard of in time", ended);
            Rows.texts(
                    open,
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = ?",
                    applicationName(UUID.fromString(ended)));
        }
    }

    /** Of every connection of a node, by which they are found. */
    public static String applicationName(UUID incarnation) {
        return "triptych " + incarnation;
    }

    /** Of the cluster, the same for all nodes on one database. */
    public UUID cluster() {
        return cluster;
    }

    /** Of this start of the node. */
    public UUID incarnation() {
        return incarnation;
    }

    /** @param address {@code host:port} where other nodes reach this one */
    public void listens(String address) {
        inTransaction(open -> Rows.update(
                open,
                "UPDATE cluster_node SET address = ? WHERE incarnation = ?::uuid",
                address,
                incarnation.toString()));
    }

    /**
     * Where to join the cluster: addresses of nodes that have. Where there is none, this node is to form it, and others
     * that ask are sent to it: two never form one at once.
     */
    public List<String> joinable() {
        return inTransaction(open -> {
            Rows.texts(open, "SELECT name FROM cluster FOR UPDATE");
            List<String> joined = Rows.texts(
                    open,
                    "SELECT address FROM cluster_node"
                            + " WHERE joined AND alive_until > clock_timestamp() AND incarnation <> ?::uuid",
                    incarnation.toString());
            if (joined.isEmpty()) {
                markJoined(open);
            }
            return joined;
        });
    }

    /** Others may join the cluster here from now on. */
    public void joined() {
        inTransaction(this::markJoined);
    }

    private int markJoined(Connection open) throws SQLException {
        return Rows.update(
                open, "UPDATE cluster_node SET joined = true WHERE incarnation = ?::uuid", incarnation.toString());
    }

    /** How many other nodes are alive. */
    public int others() {
        return inTransaction(open -> Rows.texts(
                        open,
                        "SELECT name FROM cluster_node WHERE alive_until > clock_timestamp() AND incarnation <> ?::uuid",
                        incarnation.toString())
                .size());
    }

    private interface Work<T> {
        T with(Connection open) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) {
        try (Connection open = database.getConnection()) {
            open.setAutoCommit(false);
            T done = work.with(open);
            open.commit();
            return done;
        } catch (SQLException e) {
            throw new StartFailure("The database at " + access.url() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Tells how long the node may take itself for the owner of what it owns, and that it no longer is.
     *
     * @param until of {@link System#nanoTime}, now and after every renewal
     * @param taken once, where others have taken over
     */
    public void tell(LongConsumer until, Runnable taken) {
        lost = taken;
        tenure = until;
        until.accept(untilNanos);
    }

    private void keep() {
        Duration pause = RENEWAL_INTERVAL;
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                long asked = System.nanoTime();
                try {
                    if (!renewed()) {
                        lost.run();
                        return;
                    }
                    untilNanos = asked + TTL.minus(MARGIN).toNanos();
                    tenure.accept(untilNanos);
                    pause = RENEWAL_INTERVAL;
                } catch (SQLException e) {
                    LOG.debug("The node's lease could not be renewed", e);
                    closeConnection();
                    pause = RETRY_INTERVAL;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeConnection();
        }
    }

    private boolean renewed() throws SQLException {
        Connection open = renewing;
        if (open == null) {
            // Of its own: a pool may have none left when it matters.
            open = DriverManager.getConnection(access.url(), properties());
            renewing = open;
        }
        return Rows.update(
                        open,
                        "UPDATE cluster_node SET alive_until = clock_timestamp() + ?::interval"
                                + " WHERE incarnation = ?::uuid",
                        TTL.toString(),
                        incarnation.toString())
                == 1;
    }

    private Properties properties() {
        var properties = new Properties();
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password());
        properties.setProperty("ApplicationName", applicationName(incarnation));
        properties.setProperty("connectTimeout", SILENCE_MAX_SECONDS);
        properties.setProperty("socketTimeout", SILENCE_MAX_SECONDS);
        return properties;
    }

    private void closeConnection() {
        try (Connection closing = renewing) {
            renewing = null;
        } catch (SQLException e) {
            LOG.debug("The connection of the node's lease was lost", e);
        }
    }

    /** Gives the place back: what the node owned is free at once. */
    @Override
    public void close() {
        closed.countDown();
        try (Connection open = database.getConnection()) {
            Rows.update(open, "DELETE FROM cluster_node WHERE incarnation = ?::uuid", incarnation.toString());
        } catch (SQLException e) {
            LOG.debug("The node's lease could not be given back; it ends by itself", e);
        }
    }
}
