package dev.triptych.runtime.postgres;

import dev.triptych.inference.PredictionRetention.KeptPredictions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** How far back table {@code prediction} goes. */
public final class PostgresPredictionRetention implements KeptPredictions {

    private final DataSource database;
    private final Executor executor;

    /** @param executor runs the statements, which block */
    public PostgresPredictionRetention(DataSource database, Executor executor) {
        this.database = database;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Integer> removeBefore(long micros, int rowsMax) {
        return CompletableFuture.supplyAsync(() -> remove(micros, rowsMax), executor);
    }

    private int remove(long micros, int rowsMax) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int removed;
            try (var statement = connection.prepareStatement("""
                    DELETE FROM prediction WHERE ctid IN (
                        SELECT ctid FROM prediction WHERE predicted_micros < ? LIMIT ? FOR UPDATE SKIP LOCKED)""")) {
                statement.setLong(1, micros);
                statement.setInt(2, rowsMax);
                removed = statement.executeUpdate();
            }
            if (removed > 0) {
                // With the rows, so that whoever finds them gone finds this said.
                moveForward(connection, micros);
            }
            connection.commit();
            return removed;
        } catch (SQLException e) {
            throw new IllegalStateException("old predictions cannot be removed: " + e.getMessage(), e);
        }
    }

    private static void moveForward(Connection connection, long micros) throws SQLException {
        try (var statement = connection.prepareStatement(
                "UPDATE prediction_retention SET kept_since_micros = ? WHERE kept_since_micros < ?")) {
            statement.setLong(1, micros);
            statement.setLong(2, micros);
            statement.executeUpdate();
        }
    }

    /** 0 where nothing was ever removed. */
    static long keptSince(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT kept_since_micros FROM prediction_retention");
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Before all rows come again out of the journal. */
    static void startAgain(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("UPDATE prediction_retention SET kept_since_micros = 0");
        }
    }
}
