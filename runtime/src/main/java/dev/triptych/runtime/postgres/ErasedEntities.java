package dev.triptych.runtime.postgres;

import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.ErasureList;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentFiles;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.ErasedRows;
import dev.triptych.store.features.domain.FeatureEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Makes unreadable what is stored of erased entities, and lists them in the table {@code feature_erasure}. Each step may
 * be done again, and then finds nothing to do.
 */
public final class ErasedEntities implements ErasureList {

    /** The hash keeps the seal, and tells nothing without the salt; of the event the ingest time is left. */
    private static final String ERASE_PAYLOADS = """
            UPDATE event_journal
            SET erased_hash = sha256(%s || event_payload), salt = NULL,
                event_payload = ?::bytea || int8send(coalesce(write_timestamp, 0) * 1000)
            WHERE persistence_id = ? AND sequence_number < ? AND erased_hash IS NULL AND event_ser_manifest <> ?""".formatted(JournalRows.SALT);

    private static final String DELETE_SNAPSHOTS =
            "DELETE FROM snapshot WHERE persistence_id = ? AND sequence_number < ?";

    /** A snapshot that was under way when its entity was erased may have come in afterwards. */
    private static final String DELETE_LATE_SNAPSHOTS = """
            DELETE FROM snapshot USING feature_erasure
            WHERE persistence_id = 'feature|' || system || '/' || entity || '/' || key
              AND sequence_number < sequence_nr""";

    private static final String INSERT = """
            INSERT INTO feature_erasure (system, entity, key, sequence_nr, through_micros) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private static final String SELECT = "SELECT system, entity, key, sequence_nr, through_micros FROM feature_erasure";

    private final DataSource database;

    public ErasedEntities(DataSource database) {
        this.database = database;
    }

    @Override
    public List<Erasure> of(String system, String entity) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(SELECT + " WHERE system = ? AND entity = ?")) {
            statement.setString(1, system);
            statement.setString(2, entity);
            return erasures(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("the list of erasures cannot be read: " + e.getMessage(), e);
        }
    }

    static List<Erasure> all(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT)) {
            return erasures(statement);
        }
    }

    private static List<Erasure> erasures(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            var erasures = new ArrayList<Erasure>();
            while (rows.next()) {
                var id = new EntityId(rows.getString(1), rows.getString(2), rows.getString(3));
                erasures.add(new Erasure(id, rows.getLong(4), rows.getLong(5)));
            }
            return erasures;
        }
    }

    /** In the open transaction: what database tables hold. */
    static void eraseTables(Connection open, Erasure erasure) throws SQLException {
        String persistenceId = FeatureEntity.persistenceId(erasure.id()).id();
        try (var journal = open.prepareStatement(ERASE_PAYLOADS);
                var snapshots = open.prepareStatement(DELETE_SNAPSHOTS);
                var list = open.prepareStatement(INSERT)) {
            journal.setBytes(1, ErasedRows.head());
            journal.setString(2, persistenceId);
            journal.setLong(3, erasure.sequenceNr());
            journal.setString(4, FeatureEvent.Erased.class.getName());
            journal.executeUpdate();
            snapshots.setString(1, persistenceId);
            snapshots.setLong(2, erasure.sequenceNr());
            snapshots.executeUpdate();
            list.setString(1, erasure.id().system());
            list.setString(2, erasure.id().entity());
            list.setString(3, erasure.id().key());
            list.setLong(4, erasure.sequenceNr());
            list.setLong(5, erasure.throughMicros());
            list.executeUpdate();
        }
    }

    /**
     * In the open transaction: segments that hold its rows are replaced by segments that do not. Their files go once it
     * is committed.
     */
    static void eraseSegments(Connection open, SegmentFiles files, Erasure erasure) throws SQLException {
        EntityId id = erasure.id();
        for (Segment segment : SegmentTable.current(open, id.system(), id.entity())) {
            long rows = files.count(segment, id.key(), erasure.sequenceNr());
            if (rows > 0) {
                SegmentTable.discard(open, segment);
                long left = segment.rows() - rows;
                if (left > 0) {
                    SegmentTable.insert(open, List.of(files.without(segment, id.key(), erasure.sequenceNr(), left)));
                }
            }
        }
        SegmentTable.discardRetired(open, id.system(), id.entity());
    }

    static void deleteLateSnapshots(Connection open) throws SQLException {
        try (var statement = open.prepareStatement(DELETE_LATE_SNAPSHOTS)) {
            statement.executeUpdate();
        }
    }
}
