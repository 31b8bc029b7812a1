package dev.triptych.runtime.postgres;

import akka.actor.typed.javadsl.Adapter;
import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import dev.triptych.store.features.ResidentStates;
import dev.triptych.store.features.ResidentStates.Resident;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The snapshot plugin's access to PostgreSQL, for many entities at once: those that begin to recover together ask
 * together whether they have a snapshot, and only those that do read it. One whose state is still in memory is not asked
 * about at all.
 */
public final class GroupedSnapshotDao extends DefaultSnapshotDao {

    private static final String HAVING_ONE = """
            SELECT id FROM unnest(?::text[]) AS id WHERE EXISTS (SELECT FROM snapshot WHERE persistence_id = id)""";

    private final ExecutionContext executionContext;
    private final GroupedLookup<Boolean> hasOne;
    private final ResidentStates residents;

    /** Called by the plugin, which finds the class by {@code jdbc-snapshot-store.dao}. */
    public GroupedSnapshotDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer) {
        super(database, profile, config, serialization, executionContext, materializer);
        SlickThreads.startAll(database, materializer);
        this.executionContext = executionContext;
        this.hasOne =
                new GroupedLookup<>(database, BlockingThreads.of(materializer), GroupedSnapshotDao::havingOne, false);
        this.residents = ResidentStates.get(Adapter.toTyped(materializer.system()));
    }

    @Override
    public Future<Option<Tuple2<SnapshotMetadata, Object>>> latestSnapshot(String persistenceId) {
        Optional<Resident> resident = residents.of(persistenceId);
        if (resident.isPresent()) {
            var metadata = new SnapshotMetadata(persistenceId, resident.get().sequenceNr(), 0);
            return Future.successful(
                    Option.apply(new Tuple2<>(metadata, resident.get().state())));
        }
        return hasOne.of(persistenceId)
                .flatMap(
                        has -> has ? super.latestSnapshot(persistenceId) : Future.successful(Option.empty()),
                        executionContext);
    }

    private static Map<String, Boolean> havingOne(Connection connection, List<String> ids) throws SQLException {
        try (var select = connection.prepareStatement(HAVING_ONE)) {
            select.setArray(1, connection.createArrayOf("text", ids.toArray()));
            var having = new HashMap<String, Boolean>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    having.put(rows.getString(1), true);
                }
            }
            return having;
        }
    }
}
