package dev.triptych.runtime.postgres;

import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.PredictionRecords;
import dev.triptych.store.features.Horizon;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Counts and samples table {@code prediction}, by its index over deployments and times. */
public final class PostgresPredictionRecords implements PredictionRecords {

    private static final String OF_A_QUESTION =
            "system = ? AND deployment = ? AND predicted_micros >= ? AND predicted_micros < ? AND shadow_of IS NULL";

    private final CaughtUpQueries queries;

    /**
     * @param executor runs the queries, which block
     * @param catchUp answers once everything committed before its call is projected
     */
    public PostgresPredictionRecords(
            DataSource database, Executor executor, Supplier<CompletionStage<Horizon>> catchUp) {
        this.queries = new CaughtUpQueries(database, executor, catchUp);
    }

    @Override
    public CompletionStage<List<Count>> counts(Question question, long stepMicros) {
        return queries.whenCaughtUp(connection -> {
            try (var statement = connection.prepareStatement(
                    "SELECT (predicted_micros - ?) / ? AS step, version, run_id IS NOT NULL AS batch, count(*)"
                            + " FROM prediction WHERE " + OF_A_QUESTION
                            + " GROUP BY step, version, batch ORDER BY step, version, batch")) {
                statement.setLong(1, question.fromMicros());
                statement.setLong(2, stepMicros);
                bind(statement, 3, question);
                var counts = new ArrayList<Count>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        counts.add(new Count(
                                question.fromMicros() + rows.getLong(1) * stepMicros,
                                rows.getInt(2),
                                rows.getBoolean(3),
                                rows.getLong(4)));
                    }
                }
                return counts;
            }
        });
    }

    /** By a hash of the id, which knows nothing of time, key or version. */
    @Override
    public CompletionStage<List<PredictionRecord>> sample(
            Question question, int version, boolean batch, long of, int limit) {
        long oneOf = Math.max(1, Math.ceilDiv(of, limit));
        return queries.whenCaughtUp(connection -> {
            try (var statement = connection.prepareStatement("SELECT " + PredictionRows.COLUMNS
                    + " FROM prediction WHERE " + OF_A_QUESTION + " AND (run_id IS NOT NULL) = ?"
                    + " AND (? = 0 OR version = ?) AND (hashtext(id)::bigint & 2147483647) % ? = 0"
                    + " ORDER BY id LIMIT ?")) {
                int next = bind(statement, 1, question);
                statement.setBoolean(next, batch);
                statement.setInt(next + 1, version);
                statement.setInt(next + 2, version);
                statement.setLong(next + 3, oneOf);
                statement.setInt(next + 4, 2 * limit);
                return PredictionRows.read(statement);
            }
        });
    }

    private static int bind(PreparedStatement statement, int first, Question question) throws SQLException {
        statement.setString(first, question.system());
        statement.setString(first + 1, question.deployment());
        statement.setLong(first + 2, question.fromMicros());
        statement.setLong(first + 3, question.untilMicros());
        return first + 4;
    }
}
