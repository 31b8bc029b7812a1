package dev.triptych.runtime.postgres;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.time;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.PoisonPill;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.sharding.typed.GetShardRegionState;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.ResidentStates;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys whose actors were passivated, on a node that does so within a second. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestingKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** More failures than open the circuit breaker of the journal. */
    private static final int FAILURES = 8;

    @TempDir
    static Path folder;

    private static Node node;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of("akka.cluster.sharding.passivation.custom-lru-strategy.idle-entity.timeout", "200ms")));
        client = new Client(node.grpcAddress(), ShopSystem.NAME);
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    /** Once a shard has been elsewhere, somebody else may have written. */
    @Test
    @Order(1)
    void areReadFromTheJournalByAnotherIncarnationOfTheirShard() throws Exception {
        write("o1", 1, 10);
        write("o2", 1, 10);
        write("o2", 2, 20);
        awaitRest();
        // As another node would have written it meanwhile.
        execute("""
                INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                                           event_ser_id, event_ser_manifest, event_payload)
                SELECT replace(persistence_id, 'o2', 'o1'), 2, 'other', write_timestamp, adapter_manifest,
                       event_ser_id, event_ser_manifest, event_payload
                FROM event_journal WHERE persistence_id LIKE 'feature|%/o2' AND sequence_number = 2""");
        assertThat(amount(read("o1"))).as("by the same incarnation").isEqualTo(10);
        awaitRest();

        var restarted = TestProbe.<Object>create(node.actors());
        for (ShardRegion.ShardState shard : shards().getShards()) {
            Adapter.toClassic(node.actors())
                    .actorSelection("/system/sharding/feature/" + shard.shardId())
                    .tell(PoisonPill.getInstance(), akka.actor.ActorRef.noSender());
        }

        restarted.awaitAssert(PATIENCE, () -> {
            FeatureVector read = read("o1");
            assertThat(amount(read)).isEqualTo(20);
            assertThat(read.getSequenceNr()).isEqualTo(2);
            return null;
        });
    }

    @Test
    @Order(2)
    void areReadThoughTheJournalHasLostThemAndWrittenOnFromThere() throws Exception {
        awaitRest();
        int others = ResidentStates.get(node.actors()).size();
        write("lost", 1, 10);
        write("lost", 2, 20);
        awaitRest();
        assertThat(ResidentStates.get(node.actors()).size()).isEqualTo(others + 1);

        // Only memory can know of what the journal has lost.
        execute("CREATE TABLE hidden AS SELECT * FROM event_journal WHERE persistence_id LIKE 'feature|%'");
        execute("DELETE FROM event_journal WHERE persistence_id LIKE 'feature|%'");
        FeatureVector read = read("lost");
        execute("INSERT INTO event_journal SELECT * FROM hidden");

        assertThat(amount(read)).isEqualTo(20);
        assertThat(read.getSequenceNr()).isEqualTo(2);

        awaitRest();
        write("lost", 3, 30);

        assertThat(read("lost").getSequenceNr()).isEqualTo(3);
        assertThat(amount(read("lost"))).isEqualTo(30);
    }

    @Test
    @Order(3)
    void loseNothingByRestingAndWakingOverAndOverAlsoAfterARestart() throws Exception {
        awaitRest();
        int others = ResidentStates.get(node.actors()).size();
        for (int round = 1; round <= 3; round++) {
            for (int key = 0; key < 20; key++) {
                write("k" + key, round, round * 100 + key);
            }
            awaitRest();
            assertThat(ResidentStates.get(node.actors()).size()).isEqualTo(others + 20);
        }
        stop();
        start();

        for (int key = 0; key < 20; key++) {
            FeatureVector read = read("k" + key);
            assertThat(read.getSequenceNr()).isEqualTo(3);
            assertThat(amount(read)).isEqualTo(300 + key);
        }
    }

    /** The last: the circuit breaker of the journal is open after it. */
    @Test
    @Order(4)
    void areReadWithoutTheDatabaseThoughWritesHaveFailedAtIt() throws Exception {
        write("away", 1, 10);
        awaitRest();

        execute("ALTER TABLE event_journal RENAME TO gone");
        execute("ALTER TABLE snapshot RENAME TO gone_too");
        for (int i = 0; i < FAILURES; i++) {
            fails("other" + i);
        }
        FeatureVector read = read("away");
        execute("ALTER TABLE gone_too RENAME TO snapshot");
        execute("ALTER TABLE gone RENAME TO event_journal");

        assertThat(amount(read)).isEqualTo(10);
        assertThat(read.getSequenceNr()).isEqualTo(1);
    }

    private void awaitRest() {
        TestProbe.<Object>create(node.actors()).awaitAssert(PATIENCE, () -> {
            assertThat(shards().getShards())
                    .allSatisfy(shard -> assertThat(shard.getEntityIds()).isEmpty());
            return null;
        });
    }

    private ShardRegion.CurrentShardRegionState shards() {
        var probe = TestProbe.<ShardRegion.CurrentShardRegionState>create(node.actors());
        ClusterSharding.get(node.actors())
                .shardState()
                .tell(new GetShardRegionState(FeatureEntity.TYPE_KEY, probe.ref()));
        return probe.receiveMessage();
    }

    private void fails(String key) {
        try {
            write(key, 1, 1, Duration.ofSeconds(1));
        } catch (StatusRuntimeException expected) {
            return;
        }
        throw new AssertionError(key + " was written without a journal");
    }

    private void write(String key, int day, double amount) {
        write(key, day, amount, PATIENCE);
    }

    private void write(String key, int day, double amount, Duration deadline) {
        client.features()
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder()
                                .setKey(key)
                                .setEventTime(time("2026-01-0" + day + "T00:00:00Z"))
                                .putValues("amount", number(amount)))
                        .build());
    }

    private FeatureVector read(String key) {
        return client.features()
                .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .read(ReadFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .addKeys(key)
                        .addFeatures("placed.amount")
                        .build())
                .getVectors(0);
    }

    private static double amount(FeatureVector read) {
        return read.getValues(0).getValue().getFloat64();
    }

    private void execute(String sql) throws Exception {
        var database = node.database();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
