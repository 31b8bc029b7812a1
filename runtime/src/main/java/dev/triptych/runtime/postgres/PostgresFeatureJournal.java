package dev.triptych.runtime.postgres;

import akka.serialization.Serialization;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** One entity's events, straight from the journal's table. */
public final class PostgresFeatureJournal implements FeatureJournal {

    private static final String EVENTS = """
            SELECT sequence_number, event_ser_id, event_ser_manifest, event_payload
            FROM event_journal
            WHERE persistence_id = ? AND sequence_number <= ?
            ORDER BY sequence_number""";

    private final DataSource database;
    private final Serialization serialization;
    private final Executor executor;

    /** @param executor runs the queries, which block */
    public PostgresFeatureJournal(DataSource database, Serialization serialization, Executor executor) {
        this.database = database;
        this.serialization = serialization;
        this.executor = executor;
    }

    @Override
    public CompletionStage<List<Entry>> events(EntityId id, long toSequenceNr) {
        if (toSequenceNr == 0) {
            return CompletableFuture.completedStage(List.of());
        }
        return CompletableFuture.supplyAsync(() -> read(id, toSequenceNr), executor);
    }

    private List<Entry> read(EntityId id, long toSequenceNr) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(EVENTS)) {
            select.setString(1, FeatureEntity.TYPE_KEY.name() + "|" + id.path());
            select.setLong(2, toSequenceNr);
            var entries = new ArrayList<Entry>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new Entry(rows.getLong(1), event(rows)));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new CompletionException("The journal of " + id.path() + " could not be read: " + e.getMessage(), e);
        }
    }

    private FeatureEvent event(ResultSet row) throws SQLException {
        return (FeatureEvent) serialization
                .deserialize(row.getBytes(4), row.getInt(2), row.getString(3))
                .get();
    }
}
