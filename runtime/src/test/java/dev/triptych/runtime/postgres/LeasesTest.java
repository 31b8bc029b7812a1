package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ExtendedActorSystem;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.TimeoutSettings;
import akka.coordination.lease.javadsl.Lease;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one node has, no other gets while it lives; and what a dead one still writes, nobody takes. */
@Timeout(60)
class LeasesTest {

    private static final String EVENT = """
            WITH alive AS MATERIALIZED (SELECT FROM cluster_node WHERE incarnation = ?::uuid FOR KEY SHARE)
            INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                                       event_ser_id, event_ser_manifest, event_payload)
            SELECT ?, 1, 'writer', 0, '', 1, '', ''::bytea FROM alive""";

    private static ActorTestKit kit;
    private static ScratchPostgres postgres;

    private final UUID own = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
        postgres = ScratchPostgres.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
        postgres.close();
    }

    @BeforeEach
    void twoNodes() throws SQLException {
        sql("DELETE FROM cluster_node");
        sql("DELETE FROM cluster_lease");
        node("own", own, "1 hour");
    }

    private static void node(String name, UUID incarnation, String left) throws SQLException {
        sql("INSERT INTO cluster_node (name, incarnation, protocol, alive_until) VALUES ('" + name + "', '"
                + incarnation + "', 1, clock_timestamp() + interval '" + left + "')");
    }

    private static void sql(String statement) throws SQLException {
        try (Connection open = postgres.dataSource().getConnection()) {
            Rows.update(open, statement);
        }
    }

    private CompletionStage<Boolean> acquire(String name) {
        Leases leases = Leases.get(kit.system());
        leases.by(postgres.dataSource(), own, ForkJoinPool.commonPool());
        return leases.acquire(name);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void isHadOnceAndGivenBack() throws Exception {
        assertThat(await(acquire("shard-1"))).isTrue();
        assertThat(await(acquire("shard-1"))).as("by the same node").isTrue();
        assertThat(await(Leases.get(kit.system()).release("shard-1"))).isTrue();

        sql("INSERT INTO cluster_lease VALUES ('shard-1', '" + other + "')");
        assertThat(await(acquire("shard-1"))).as("from a node that has left").isTrue();
    }

    @Test
    void isNotTakenFromALivingNode() throws Exception {
        node("other", other, "1 hour");
        sql("INSERT INTO cluster_lease VALUES ('shard-2', '" + other + "')");

        assertThat(await(acquire("shard-2"))).isFalse();
    }

    @Test
    void isHadOnlyOnceItWasTaken() throws Exception {
        node("other", other, "1 hour");
        sql("INSERT INTO cluster_lease VALUES ('held', '" + other + "')");
        Leases.get(kit.system()).by(postgres.dataSource(), own, ForkJoinPool.commonPool());
        Lease free = lease("free");
        Lease held = lease("held");

        assertThat(free.checkLease()).isFalse();
        assertThat(await(free.acquire())).isTrue();
        assertThat(free.checkLease()).isTrue();
        assertThat(await(free.release())).isTrue();
        assertThat(free.checkLease()).isFalse();
        assertThat(await(held.acquire())).isFalse();
        assertThat(held.checkLease()).isFalse();
    }

    private static Lease lease(String name) {
        return new PostgresLease(
                new LeaseSettings(
                        name,
                        "own",
                        TimeoutSettings.apply(ConfigFactory.load().getConfig("akka.coordination.lease")),
                        ConfigFactory.empty()),
                (ExtendedActorSystem) Adapter.toClassic(kit.system()));
    }

    @Test
    void takingItFromADeadNodeEndsThatNodesWriting() throws Exception {
        node("other", other, "-1 second");
        sql("INSERT INTO cluster_lease VALUES ('shard-3', '" + other + "')");

        try (Connection dying = postgres.dataSource().getConnection()) {
            dying.setAutoCommit(false);
            assertThat(Rows.update(dying, EVENT, other.toString(), "feature|before"))
                    .isEqualTo(1);
            CompletableFuture<Boolean> taken = acquire("shard-3").toCompletableFuture();
            assertThat(taken).as("while it commits").isNotDone();
            dying.commit();

            assertThat(await(taken)).isTrue();
            assertThat(Rows.update(dying, EVENT, other.toString(), "feature|after"))
                    .isZero();
            dying.rollback();
        }
    }
}
