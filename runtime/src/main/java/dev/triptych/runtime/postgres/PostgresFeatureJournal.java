package dev.triptych.runtime.postgres;

import akka.serialization.Serialization;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Entities' events, straight from the journal's table. */
public final class PostgresFeatureJournal implements FeatureJournal {

    private static final String EVENTS = """
            SELECT sequence_number, event_ser_id, event_ser_manifest, event_payload
            FROM event_journal
            WHERE persistence_id = ? AND sequence_number <= ?
            ORDER BY sequence_number""";

    private static final String EVENTS_OF_MANY = """
            SELECT wanted.place, sequence_number, event_ser_id, event_ser_manifest, event_payload
            FROM unnest(?::text[], ?::bigint[]) WITH ORDINALITY AS wanted (id, last, place)
            JOIN event_journal ON persistence_id = wanted.id AND sequence_number <= wanted.last
            ORDER BY wanted.place, sequence_number""";

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

    @Override
    public CompletionStage<Map<EntityId, List<Entry>>> events(Map<EntityId, Long> toSequenceNr) {
        if (toSequenceNr.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        return CompletableFuture.supplyAsync(() -> read(List.copyOf(toSequenceNr.entrySet())), executor);
    }

    private List<Entry> read(EntityId id, long toSequenceNr) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(EVENTS)) {
            select.setString(1, FeatureEntity.persistenceId(id).id());
            select.setLong(2, toSequenceNr);
            var entries = new ArrayList<Entry>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(entry(rows, 1));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new CompletionException("The journal of " + id.path() + " could not be read: " + e.getMessage(), e);
        }
    }

    private Map<EntityId, List<Entry>> read(List<Map.Entry<EntityId, Long>> wanted) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(EVENTS_OF_MANY)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            wanted.stream()
                                    .map(each -> FeatureEntity.persistenceId(each.getKey())
                                            .id())
                                    .toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", wanted.stream().map(Map.Entry::getValue).toArray()));
            var entries = new HashMap<EntityId, List<Entry>>();
            wanted.forEach(each -> entries.put(each.getKey(), new ArrayList<>()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    EntityId id = wanted.get((int) rows.getLong(1) - 1).getKey();
                    Objects.requireNonNull(entries.get(id)).add(entry(rows, 2));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new CompletionException(
                    "The journals of " + wanted.size() + " entities could not be read: " + e.getMessage(), e);
        }
    }

    /** @param first position of the sequence number, before serializer, manifest and payload */
    private Entry entry(ResultSet row, int first) throws SQLException {
        var event = (FeatureEvent) serialization
                .deserialize(row.getBytes(first + 3), row.getInt(first + 1), row.getString(first + 2))
                .get();
        return new Entry(row.getLong(first), event);
    }
}
