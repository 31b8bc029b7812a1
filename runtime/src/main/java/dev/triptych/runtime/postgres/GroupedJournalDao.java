package dev.triptych.runtime.postgres;

import akka.Done;
import akka.actor.typed.javadsl.Adapter;
import akka.dispatch.Futures;
import akka.persistence.jdbc.config.JournalConfig;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.persistence.jdbc.journal.dao.JournalTables.JournalAkkaSerializationRow;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import com.typesafe.config.Config;
import dev.triptych.store.features.ResidentStates;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The journal plugin's access to PostgreSQL, for many entities at once. A batch of events is one statement, which is
 * its own transaction: one round trip where the plugin's takes several. Entities that begin to recover together ask for
 * their highest sequence numbers together; most of those that a bulk run meets have none, and are done by that.
 */
public final class GroupedJournalDao extends DefaultJournalDao {

    private static final String INSERT = """
            INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                                       event_ser_id, event_ser_manifest, event_payload, salt)
            SELECT batch.* FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::int[], ?::text[],
                                       ?::bytea[], ?::uuid[]) AS batch""";

    /** The same for a node of a cluster: whoever ends it waits for this to end, and later ones insert nothing. */
    private static final String INSERT_WHILE_ALIVE = "WITH alive AS MATERIALIZED ("
            + "SELECT FROM cluster_node WHERE incarnation = ?::uuid FOR KEY SHARE) "
            + INSERT + ", alive";

    private static final String HIGHEST = """
            SELECT id, (SELECT max(sequence_number) FROM event_journal WHERE persistence_id = id)
            FROM unnest(?::text[]) AS id""";

    /** Where a node's configuration has its {@link NodeLease#incarnation}. */
    public static final String INCARNATION = "triptych.cluster.incarnation";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcBackend.DatabaseDef database;
    private final ExecutionContext blocking;
    private final GroupedLookup<Object> highest;
    private final ResidentStates residents;
    private final CommitSizes commits;

    /** Of this start of the node; empty where nothing but a node writes here, as in tests. */
    private final String incarnation;

    /** Called by the plugin, which finds the class by {@code jdbc-journal.dao}. */
    public GroupedJournalDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            JournalConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer) {
        super(database, profile, config, serialization, executionContext, materializer);
        SlickThreads.startAll(database, materializer);
        this.database = database;
        this.blocking = BlockingThreads.of(materializer);
        this.highest = new GroupedLookup<>(database, blocking, GroupedJournalDao::highest, 0L);
        this.residents = ResidentStates.get(Adapter.toTyped(materializer.system()));
        Config node = materializer.system().settings().config();
        this.incarnation = node.hasPath(INCARNATION) ? node.getString(INCARNATION) : "";
        this.commits = CommitSizes.get(Adapter.toTyped(materializer.system()));
        Futures.future(() -> replayNothing(materializer), blocking);
    }

    /** The first query of a process takes a second, or several on a busy machine: nobody waits for anything yet. */
    private Future<Done> replayNothing(Materializer materializer) {
        return messages("", 1, 1, 1).runForeach(row -> BoxedUnit.UNIT, materializer);
    }

    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
        return residents
                .of(persistenceId)
                .<Future<Object>>map(resident -> Future.successful(resident.sequenceNr()))
                .orElseGet(() -> highest.of(persistenceId));
    }

    private static Map<String, Object> highest(Connection connection, List<String> ids) throws SQLException {
        try (var select = connection.prepareStatement(HIGHEST)) {
            select.setArray(1, connection.createArrayOf("text", ids.toArray()));
            var highest = new HashMap<String, Object>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    highest.put(rows.getString(1), rows.getLong(2));
                }
            }
            return highest;
        }
    }

    /** In the order given, by which a later event of an entity has the larger ordering number. */
    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalAkkaSerializationRow, Set<String>>> tagged) {
        List<Tuple2<JournalAkkaSerializationRow, Set<String>>> rows = CollectionConverters.asJava(tagged);
        if (rows.stream()
                .anyMatch(row -> row._2.nonEmpty() || row._1.metaPayload().isDefined())) {
            throw new IllegalArgumentException(
                    "events with tags or metadata: " + rows.getFirst()._1.persistenceId()
                            + " (expected: none; what reads the journal reads it by commit order)");
        }
        return Futures.future(
                () -> {
                    insert(rows.stream().map(row -> row._1).toList());
                    return BoxedUnit.UNIT;
                },
                blocking);
    }

    private void insert(List<JournalAkkaSerializationRow> rows) throws SQLException {
        boolean ofCluster = !incarnation.isEmpty();
        try (Connection connection = database.source().createConnection();
                var insert = connection.prepareStatement(ofCluster ? INSERT_WHILE_ALIVE : INSERT)) {
            int at = 0;
            if (ofCluster) {
                insert.setString(++at, incarnation);
            }
            var columns = new Columns<>(connection, rows);
            insert.setArray(++at, columns.of("text", JournalAkkaSerializationRow::persistenceId));
            insert.setArray(++at, columns.of("bigint", JournalAkkaSerializationRow::sequenceNumber));
            insert.setArray(++at, columns.of("text", JournalAkkaSerializationRow::writer));
            insert.setArray(++at, columns.of("bigint", JournalAkkaSerializationRow::writeTimestamp));
            insert.setArray(++at, columns.of("text", JournalAkkaSerializationRow::adapterManifest));
            insert.setArray(++at, columns.of("int", JournalAkkaSerializationRow::eventSerId));
            insert.setArray(++at, columns.of("text", JournalAkkaSerializationRow::eventSerManifest));
            insert.setArray(++at, columns.ofBytes(JournalAkkaSerializationRow::eventPayload));
            insert.setArray(++at, connection.createArrayOf("uuid", salts(rows.size())));
            if (insert.executeUpdate() != rows.size()) {
                throw new IllegalStateException(
                        "others have taken over what this node owned: it was not heard of in time");
            }
        }
        commits.committed(rows.size());
    }

    /** What keeps a payload from being guessed by its hash once it is erased. */
    private static Object[] salts(int count) {
        var bytes = new byte[count * 2 * Long.BYTES];
        RANDOM.nextBytes(bytes);
        ByteBuffer random = ByteBuffer.wrap(bytes);
        var salts = new Object[count];
        for (int i = 0; i < count; i++) {
            salts[i] = new UUID(random.getLong(), random.getLong());
        }
        return salts;
    }
}
