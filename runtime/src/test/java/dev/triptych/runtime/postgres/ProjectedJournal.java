package dev.triptych.runtime.postgres;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.typesafe.config.ConfigFactory;
import dev.triptych.runtime.duckdb.DuckDbMemory;
import dev.triptych.runtime.duckdb.DuckDbOfflineStore;
import dev.triptych.runtime.duckdb.DuckDbSegmentFiles;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.RowCopies;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A journal that tests write to directly, and its projection. */
final class ProjectedJournal implements RandomEvents.Journal, AutoCloseable {

    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(),
            "projected-journal",
            ConfigFactory.load("serialization").withFallback(ConfigFactory.load()));

    private static final Serialization SERIALIZATION = SerializationExtension.get(SYSTEM);

    private final ScratchPostgres database = ScratchPostgres.create();
    private final Path root;
    private RowCopies copies = erasures -> {};

    /** @param folder where the offline store goes */
    ProjectedJournal(Path folder) {
        this.root = folder.resolve("offline");
    }

    /** Where erased rows must go too. */
    void copies(RowCopies copies) {
        this.copies = copies;
    }

    static Serialization serialization() {
        return SERIALIZATION;
    }

    DataSource database() {
        return database.dataSource();
    }

    Path root() {
        return root;
    }

    DuckDbMemory memory() {
        return new DuckDbMemory(512, 2, root.resolveSibling("spill"));
    }

    PostgresJournalProjection projection() {
        return projection(step -> {}, step -> {});
    }

    PostgresJournalProjection projection(
            Consumer<ProjectionStep> passed, Consumer<DuckDbSegmentFiles.FileStep> filePassed) {
        return new PostgresJournalProjection(
                database(), SERIALIZATION, new DuckDbSegmentFiles(root, memory(), filePassed), copies, passed);
    }

    OfflineStore offlineStore() {
        return new DuckDbOfflineStore(
                new PostgresSegmentCatalog(database()),
                root,
                memory(),
                () -> CompletableFuture.failedFuture(new IllegalStateException("nothing to wait for")));
    }

    /** Writes and commits one event. */
    @Override
    public Horizon write(String persistenceId, long sequenceNr, Object event) {
        try (var connection = database().getConnection()) {
            return write(connection, persistenceId, sequenceNr, event);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Horizon write(Connection connection, String persistenceId, long sequenceNr, Object event)
            throws SQLException {
        var serializer = SERIALIZATION.findSerializerFor(event);
        return write(
                connection,
                persistenceId,
                sequenceNr,
                serializer.identifier(),
                Serializers.manifestFor(serializer, event),
                serializer.toBinary(event));
    }

    static Horizon write(
            Connection connection,
            String persistenceId,
            long sequenceNr,
            int serializerId,
            String manifest,
            byte[] payload)
            throws SQLException {
        try (var statement = connection.prepareStatement("""
                INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp,
                    event_ser_id, event_ser_manifest, event_payload)
                VALUES (?, ?, false, 'test', 0, ?, ?, ?)
                RETURNING tx::text::bigint, ordering""")) {
            statement.setString(1, persistenceId);
            statement.setLong(2, sequenceNr);
            statement.setInt(3, serializerId);
            statement.setString(4, manifest);
            statement.setBytes(5, payload);
            try (var row = statement.executeQuery()) {
                row.next();
                return new Horizon(row.getLong(1), row.getLong(2));
            }
        }
    }

    /** Steps until nothing is left. */
    static void drain(PostgresJournalProjection projection) {
        while (projection.advance().events() > 0) {
            // One more batch.
        }
    }

    List<String> column(String sql) {
        try (var connection = database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (var connection = database().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
