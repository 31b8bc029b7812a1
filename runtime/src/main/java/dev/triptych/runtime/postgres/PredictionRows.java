package dev.triptych.runtime.postgres;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code prediction}. */
final class PredictionRows {

    private static final int BATCH_ROWS = 1_000;

    private static final ObjectMapper CBOR = new CBORMapper();
    private static final TypeReference<List<Value>> VALUES = new TypeReference<>() {};

    static final String COLUMNS = """
            id, system, deployment, model, version, key, sequence_nr, as_of_micros, given, outputs, predicted_micros,
            run_id, shadow_of""";

    /**
     * A recorded prediction and where it was recorded.
     *
     * @param log the prediction log's persistence id
     * @param index its place in the event, from 0
     */
    record Logged(PredictionRecord record, String log, long sequenceNr, int index) {}

    private PredictionRows() {}

    /** A prediction whose record was written twice, because the first answer was lost, is there once. */
    static void insert(Connection connection, List<Logged> predictions) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO prediction (" + COLUMNS
                + ", log, log_sequence_nr, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO NOTHING")) {
            int waiting = 0;
            for (Logged logged : predictions) {
                bind(connection, statement, logged);
                statement.addBatch();
                if (++waiting % BATCH_ROWS == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, Logged logged) throws SQLException {
        var record = logged.record();
        statement.setString(1, text(record.id()));
        statement.setString(2, text(record.system()));
        statement.setString(3, text(record.deployment()));
        statement.setString(4, text(record.model()));
        statement.setInt(5, record.version());
        setOptional(statement, 6, record.key());
        statement.setLong(7, record.sequenceNr());
        statement.setLong(8, record.asOfMicros());
        statement.setBytes(9, encode(record.given()));
        statement.setArray(
                10, connection.createArrayOf("float8", record.outputs().toArray()));
        statement.setLong(11, record.predictedMicros());
        setOptional(statement, 12, record.runId());
        setOptional(statement, 13, record.shadowOf());
        statement.setString(14, text(logged.log()));
        statement.setLong(15, logged.sequenceNr());
        statement.setInt(16, logged.index());
    }

    static Optional<PredictionRecord> find(Connection connection, String id) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM prediction WHERE id = ?")) {
            statement.setString(1, text(id));
            return read(statement).stream().findFirst();
        }
    }

    static List<PredictionRecord> list(Connection connection, Filter filter) throws SQLException {
        var conditions = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        where(conditions, parameters, "system = ?", filter.system());
        where(conditions, parameters, "deployment = ?", filter.deployment());
        where(conditions, parameters, "key = ?", filter.key());
        where(conditions, parameters, "version = ?", filter.version());
        where(conditions, parameters, "run_id = ?", filter.runId());
        where(conditions, parameters, "predicted_micros >= ?", filter.sinceMicros());
        where(conditions, parameters, "predicted_micros < ?", filter.untilMicros());
        where(conditions, parameters, filter.newestFirst() ? "id < ?" : "id > ?", filter.after());
        var sql = "SELECT " + COLUMNS + " FROM prediction"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + (filter.newestFirst() ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?");
        parameters.add(filter.limit());
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                Object parameter = parameters.get(i);
                statement.setObject(i + 1, parameter instanceof String string ? text(string) : parameter);
            }
            return read(statement);
        }
    }

    private static void where(
            List<String> conditions, List<Object> parameters, String condition, Optional<?> parameter) {
        parameter.ifPresent(value -> {
            conditions.add(condition);
            parameters.add(value);
        });
    }

    static List<PredictionRecord> read(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            var records = new ArrayList<PredictionRecord>();
            while (rows.next()) {
                records.add(record(rows));
            }
            return records;
        }
    }

    private static PredictionRecord record(ResultSet row) throws SQLException {
        return new PredictionRecord(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                Optional.ofNullable(row.getString(6)),
                row.getLong(7),
                row.getLong(8),
                decode(row.getBytes(9)),
                List.of((Double[]) row.getArray(10).getArray()),
                row.getLong(11),
                Optional.ofNullable(row.getString(12)),
                Optional.ofNullable(row.getString(13)));
    }

    private static void setOptional(PreparedStatement statement, int index, Optional<String> value)
            throws SQLException {
        if (value.isPresent()) {
            statement.setString(index, text(value.get()));
        } else {
            statement.setNull(index, Types.VARCHAR);
        }
    }

    /** PostgreSQL's text holds no zero character, and one prediction must not stop all others. */
    private static String text(String value) {
        return value.replace('\0', '\uFFFD');
    }

    private static byte[] encode(List<Value> values) {
        try {
            return CBOR.writeValueAsBytes(values);
        } catch (IOException e) {
            throw new UncheckedIOException("raw inputs cannot be written: " + e.getMessage(), e);
        }
    }

    private static List<Value> decode(byte[] bytes) {
        try {
            return CBOR.readerFor(VALUES).readValue(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("raw inputs cannot be read: " + e.getMessage(), e);
        }
    }
}
