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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table {@code prediction}. */
final class PredictionRows {

    private static final int BATCH_ROWS = 1_000;

    private static final ObjectMapper CBOR = new CBORMapper();
    private static final TypeReference<List<Value>> VALUES = new TypeReference<>() {};

    static final String COLUMNS = """
            id, system, deployment, model, version, key, sequence_nr, as_of_micros, given, outputs, predicted_micros,
            run_id, shadow_of""";

    private static final String INSERT = "INSERT INTO prediction (" + COLUMNS + """
            , log, log_sequence_nr, log_index)
            SELECT id, system, deployment, model, version, key, sequence_nr, as_of_micros, given, outputs::float8[],
                   predicted_micros, run_id, shadow_of, log, log_sequence_nr, log_index
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::bigint[],
                        ?::bytea[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::int[])
                 AS row (id, system, deployment, model, version, key, sequence_nr, as_of_micros, given, outputs,
                         predicted_micros, run_id, shadow_of, log, log_sequence_nr, log_index)
            ON CONFLICT (id) DO NOTHING""";

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
        if (predictions.isEmpty()) {
            return;
        }
        // One statement for many rows: a statement each took PostgreSQL twice as long.
        try (var statement = connection.prepareStatement(INSERT)) {
            for (int from = 0; from < predictions.size(); from += BATCH_ROWS) {
                bind(connection, statement, predictions.subList(from, Math.min(from + BATCH_ROWS, predictions.size())));
                statement.executeUpdate();
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, List<Logged> rows)
            throws SQLException {
        var columns = new Columns<>(connection, rows);
        statement.setArray(1, columns.of("text", row -> text(row.record().id())));
        statement.setArray(2, columns.of("text", row -> text(row.record().system())));
        statement.setArray(3, columns.of("text", row -> text(row.record().deployment())));
        statement.setArray(4, columns.of("text", row -> text(row.record().model())));
        statement.setArray(5, columns.of("int", row -> row.record().version()));
        statement.setArray(6, columns.of("text", row -> text(row.record().key())));
        statement.setArray(7, columns.of("bigint", row -> row.record().sequenceNr()));
        statement.setArray(8, columns.of("bigint", row -> row.record().asOfMicros()));
        statement.setArray(9, columns.ofBytes(row -> encode(row.record().given())));
        statement.setArray(
                10, columns.of("text", row -> arrayLiteral(row.record().outputs())));
        statement.setArray(11, columns.of("bigint", row -> row.record().predictedMicros()));
        statement.setArray(12, columns.of("text", row -> text(row.record().runId())));
        statement.setArray(13, columns.of("text", row -> text(row.record().shadowOf())));
        statement.setArray(14, columns.of("text", row -> text(row.log())));
        statement.setArray(15, columns.of("bigint", Logged::sequenceNr));
        statement.setArray(16, columns.of("int", Logged::index));
    }

    /** An array of arrays would have to be a rectangle. Decimal digits here are those that read back as the same bits. */
    private static String arrayLiteral(List<Double> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
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

    /** PostgreSQL's text holds no zero character, and one prediction must not stop all others. */
    private static String text(String value) {
        return value.replace('\0', '\uFFFD');
    }

    private static @Nullable String text(Optional<String> value) {
        return value.map(PredictionRows::text).orElse(null);
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
