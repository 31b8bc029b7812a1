package dev.triptych.runtime;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.time;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.triptych.store.features.ResidentStates;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left in memory of an entity whose actor was let go of, on a node that lets them go within a second. */
@Timeout(120)
class IdleKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String AMOUNT = "placed.amount";

    @TempDir
    Path folder;

    private Node node;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of("akka.cluster.sharding.passivation.default-strategy.idle-entity.timeout", "500ms")));
        client = new Client(node.grpcAddress(), ShopSystem.NAME);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void anIdleKeyIsReadWithoutAskingTheDatabaseAndWrittenOnFromThere() throws Exception {
        write("o1", "2026-01-01T00:00:00Z", 10);
        write("o1", "2026-01-02T00:00:00Z", 20);
        awaitIdle(1);

        // Only memory can know of what the journal has lost.
        execute("CREATE TABLE hidden AS SELECT * FROM event_journal WHERE persistence_id LIKE 'feature|%'");
        execute("DELETE FROM event_journal WHERE persistence_id LIKE 'feature|%'");
        FeatureVector read = read("o1");
        execute("INSERT INTO event_journal SELECT * FROM hidden");

        assertThat(read.getValues(0).getValue().getFloat64()).isEqualTo(20);
        assertThat(read.getSequenceNr()).isEqualTo(2);

        awaitIdle(1);
        write("o1", "2026-01-03T00:00:00Z", 30);

        assertThat(read("o1").getSequenceNr()).isEqualTo(3);
        assertThat(read("o1").getValues(0).getValue().getFloat64()).isEqualTo(30);
    }

    @Test
    void idlingAndWakingOverAndOverLosesNothingAlsoAfterARestart() throws Exception {
        for (int round = 1; round <= 4; round++) {
            for (int key = 0; key < 20; key++) {
                write("k" + key, "2026-01-0" + round + "T00:00:00Z", round * 100 + key);
            }
            awaitIdle(20);
        }
        stop();
        start();

        for (int key = 0; key < 20; key++) {
            FeatureVector read = read("k" + key);
            assertThat(read.getSequenceNr()).isEqualTo(4);
            assertThat(read.getValues(0).getValue().getFloat64()).isEqualTo(400 + key);
        }
    }

    private void awaitIdle(int keys) {
        TestProbe.<String>create(node.actors()).awaitAssert(PATIENCE, () -> {
            assertThat(ResidentStates.get(node.actors()).size()).isEqualTo(keys);
            return null;
        });
    }

    private void write(String key, String eventTime, double amount) {
        client.features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder()
                                .setKey(key)
                                .setEventTime(time(eventTime))
                                .putValues("amount", number(amount)))
                        .build());
    }

    private FeatureVector read(String key) {
        return client.features()
                .read(ReadFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .addKeys(key)
                        .addFeatures(AMOUNT)
                        .build())
                .getVectors(0);
    }

    private void execute(String sql) throws Exception {
        NodeSettings.Database database = node.database();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
