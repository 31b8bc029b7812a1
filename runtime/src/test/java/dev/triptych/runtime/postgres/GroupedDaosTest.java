package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through the journal plugin as a node configures it, with many entities at once. */
class GroupedDaosTest {

    private static final int ENTITIES = 300;
    private static final int ADDITIONS = 3_000;
    private static final int EVENTS_PER_SNAPSHOT = 5;
    private static final int FEW = 60;

    /** Events of one entity, more than a stream asks for at first: its query is suspended and holds its connection. */
    private static final int STREAMED = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The plugin's {@code recovery-event-timeout}. */
    private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(5);

    /** Of starts of the plugin: a recovery that one in two loses is not to be missed. */
    private static final int STARTS = 6;

    private final ScratchPostgres database = ScratchPostgres.create();
    private ActorTestKit kit;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create(config(database.url()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        database.close();
    }

    @Test
    void everyEntityComesBackWithItsOwnHistory() throws SQLException {
        var random = new SplittableRandom(17);
        var expected = new long[ENTITIES];
        var additions = new int[ENTITIES];
        List<ActorRef<Sum.Command>> sums = spawn();
        TestProbe<Long> replies = kit.createTestProbe(Long.class);
        for (int i = 0; i < ADDITIONS; i++) {
            // The last third is never written, and must recover as that.
            int entity = random.nextInt(ENTITIES * 2 / 3);
            int amount = random.nextInt(1, 1_000);
            expected[entity] += amount;
            additions[entity]++;
            sums.get(entity).tell(new Sum.Add(amount, replies.ref()));
        }
        replies.receiveSeveralMessages(ADDITIONS, PATIENCE);
        sums.forEach(sum -> kit.stop(sum));

        // At once, so that look-ups gather.
        List<ActorRef<Sum.Command>> again = spawn();
        for (int entity = 0; entity < ENTITIES; entity++) {
            TestProbe<Long> probe = kit.createTestProbe(Long.class);
            again.get(entity).tell(new Sum.Add(0, probe.ref()));
            assertThat(probe.receiveMessage(PATIENCE)).as("sum %d", entity).isEqualTo(expected[entity]);
        }
        for (int entity = 0; entity < ENTITIES; entity++) {
            assertThat(sequenceNumbers("sum|" + entity))
                    .as("sum %d", entity)
                    .containsExactlyElementsOf(upTo(additions[entity] + 1));
        }
    }

    @Test
    void losesNoRecoveryAmongTheFirstOfANode() {
        List<ActorRef<Sum.Command>> sums = spawn(FEW, Integer.MAX_VALUE);
        TestProbe<Long> replies = kit.createTestProbe(Long.class);
        sums.forEach(sum -> {
            for (int i = 0; i < STREAMED; i++) {
                sum.tell(new Sum.Add(1, replies.ref()));
            }
        });
        replies.receiveSeveralMessages(FEW * STREAMED, PATIENCE);

        for (int start = 0; start < STARTS; start++) {
            kit.shutdownTestKit();
            kit = ActorTestKit.create(config(database.url()));
            TestProbe<Long> found = kit.createTestProbe(Long.class);
            spawn(FEW, Integer.MAX_VALUE).forEach(sum -> sum.tell(new Sum.Ask(found.ref())));

            // One that is lost is begun again only when it times out.
            assertThat(found.receiveSeveralMessages(FEW, RECOVERY_TIMEOUT)).containsOnly((long) STREAMED);
        }
    }

    /** In the order of the ordering numbers, by which projections read. */
    private List<Long> sequenceNumbers(String persistenceId) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var select = connection.prepareStatement(
                        "SELECT sequence_number FROM event_journal WHERE persistence_id = ? ORDER BY tx, ordering")) {
            select.setString(1, persistenceId);
            var numbers = new ArrayList<Long>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        }
    }

    private static List<Long> upTo(long last) {
        var numbers = new ArrayList<Long>();
        for (long number = 1; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private List<ActorRef<Sum.Command>> spawn() {
        return spawn(ENTITIES, EVENTS_PER_SNAPSHOT);
    }

    private List<ActorRef<Sum.Command>> spawn(int entities, int eventsPerSnapshot) {
        var sums = new ArrayList<ActorRef<Sum.Command>>();
        for (int entity = 0; entity < entities; entity++) {
            sums.add(kit.spawn(new Sum(PersistenceId.ofUniqueId("sum|" + entity), eventsPerSnapshot)));
        }
        return sums;
    }

    private static Config config(String url) {
        return ConfigFactory.parseString("""
                        akka.actor.provider = local
                        akka-persistence-jdbc.shared-databases.slick.db { url = "%s", user = postgres, password = "" }
                        """.formatted(url)).withFallback(ConfigFactory.load("local"));
    }

    /** Adds up. Events are the amounts, kept as Akka keeps its own numbers. */
    private static final class Sum extends EventSourcedBehavior<Sum.Command, Long, Long> {
        interface Command {}

        record Add(long amount, ActorRef<Long> replyTo) implements Command {}

        record Ask(ActorRef<Long> replyTo) implements Command {}

        private final int eventsPerSnapshot;

        Sum(PersistenceId persistenceId, int eventsPerSnapshot) {
            super(persistenceId);
            this.eventsPerSnapshot = eventsPerSnapshot;
        }

        @Override
        public Long emptyState() {
            return 0L;
        }

        @Override
        public CommandHandler<Command, Long, Long> commandHandler() {
            return newCommandHandlerBuilder()
                    .forAnyState()
                    .onCommand(Add.class, add -> Effect().persist(add.amount()).thenReply(add.replyTo(), sum -> sum))
                    .onCommand(Ask.class, ask -> Effect().none().thenReply(ask.replyTo(), sum -> sum))
                    .build();
        }

        @Override
        public EventHandler<Long, Long> eventHandler() {
            return Long::sum;
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(eventsPerSnapshot, 1);
        }
    }
}
