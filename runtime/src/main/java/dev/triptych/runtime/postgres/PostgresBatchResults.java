package dev.triptych.runtime.postgres;

import dev.triptych.inference.BatchResults;
import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code batch_prediction}. */
public final class PostgresBatchResults implements BatchResults {

    private static final int ROWS_PER_FETCH = 5_000;

    private final DataSource database;
    private final Executor executor;

    /** @param executor runs the statements, which block */
    public PostgresBatchResults(DataSource database, Executor executor) {
        this.database = database;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Void> record(BatchRun run, List<BatchPrediction> predictions) {
        return CompletableFuture.runAsync(() -> insert(run, predictions), executor);
    }

    private void insert(BatchRun run, List<BatchPrediction> predictions) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement("""
                    INSERT INTO batch_prediction (run_id, system, pipeline, key, prediction_id, version, output, scores,
                        as_of_micros, predicted_micros)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (run_id, key) DO NOTHING""")) {
                for (BatchPrediction prediction : predictions) {
                    statement.setString(1, run.runId());
                    statement.setString(2, run.system());
                    statement.setString(3, run.pipeline());
                    statement.setString(4, prediction.key());
                    statement.setString(5, prediction.predictionId());
                    statement.setInt(6, prediction.version());
                    statement.setString(7, prediction.output());
                    statement.setArray(
                            8,
                            connection.createArrayOf(
                                    "float8", prediction.scores().toArray()));
                    statement.setLong(9, prediction.asOfMicros());
                    statement.setLong(10, prediction.predictedMicros());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "results of run " + run.runId() + " cannot be stored: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Set<String>> recorded(String runId, List<String> keys) {
        return query(runId, connection -> {
            try (var statement = connection.prepareStatement(
                    "SELECT key FROM batch_prediction WHERE run_id = ? AND key = ANY (?)")) {
                statement.setString(1, runId);
                statement.setArray(2, connection.createArrayOf("text", keys.toArray()));
                try (var rows = statement.executeQuery()) {
                    Set<String> recorded = new HashSet<>();
                    while (rows.next()) {
                        recorded.add(rows.getString(1));
                    }
                    return recorded;
                }
            }
        });
    }

    @Override
    public CompletionStage<Optional<Integer>> version(String runId) {
        return query(runId, connection -> {
            try (var statement =
                    connection.prepareStatement("SELECT version FROM batch_prediction WHERE run_id = ? LIMIT 1")) {
                statement.setString(1, runId);
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getInt(1)) : Optional.empty();
                }
            }
        });
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> CompletionStage<T> query(String runId, Query<T> query) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (var connection = database.getConnection()) {
                        return query.run(connection);
                    } catch (SQLException e) {
                        throw unreadable(runId, e);
                    }
                },
                executor);
    }

    @Override
    public Results read(String runId) {
        try {
            return new Cursor(runId, database.getConnection());
        } catch (SQLException e) {
            throw unreadable(runId, e);
        }
    }

    private static IllegalStateException unreadable(String runId, SQLException e) {
        return new IllegalStateException("results of run " + runId + " cannot be read: " + e.getMessage(), e);
    }

    /** A cursor, as all rows of a run at once may be more than fits. */
    private static final class Cursor implements Results {
        private final String runId;
        private final Connection connection;
        private final PreparedStatement statement;
        private final ResultSet rows;
        private @Nullable BatchPrediction next;

        Cursor(String runId, Connection connection) throws SQLException {
            this.runId = runId;
            this.connection = connection;
            try {
                // The driver fetches piece by piece only within a transaction.
                connection.setAutoCommit(false);
                statement = connection.prepareStatement("""
                        SELECT key, prediction_id, version, output, scores, as_of_micros, predicted_micros
                        FROM batch_prediction WHERE run_id = ? ORDER BY key""");
                statement.setFetchSize(ROWS_PER_FETCH);
                statement.setString(1, runId);
                rows = statement.executeQuery();
                next = advance();
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        private @Nullable BatchPrediction advance() throws SQLException {
            if (!rows.next()) {
                return null;
            }
            return new BatchPrediction(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getInt(3),
                    rows.getString(4),
                    List.of((Double[]) rows.getArray(5).getArray()),
                    rows.getLong(6),
                    rows.getLong(7));
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public BatchPrediction next() {
            BatchPrediction current = next;
            if (current == null) {
                throw new NoSuchElementException("run " + runId + " has no more results");
            }
            try {
                next = advance();
            } catch (SQLException e) {
                throw unreadable(runId, e);
            }
            return current;
        }

        @Override
        public void close() {
            try (connection;
                    statement;
                    rows) {
                connection.rollback();
            } catch (SQLException e) {
                throw unreadable(runId, e);
            }
        }
    }
}
