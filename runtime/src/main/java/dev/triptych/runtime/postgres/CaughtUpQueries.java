package dev.triptych.runtime.postgres;

import dev.triptych.store.features.Horizon;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Queries of the tables that the journal's tailer fills.
 *
 * @param executor runs them, which blocks
 * @param catchUp answers once everything committed before its call is projected
 */
record CaughtUpQueries(DataSource database, Executor executor, Supplier<CompletionStage<Horizon>> catchUp) {

    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    <T> CompletionStage<T> atOnce(Query<T> query) {
        return CompletableFuture.supplyAsync(() -> run(query), executor);
    }

    <T> CompletionStage<T> whenCaughtUp(Query<T> query) {
        return catchUp.get().thenApplyAsync(horizon -> run(query), executor);
    }

    private <T> T run(Query<T> query) {
        try (var connection = database.getConnection()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("predictions cannot be read: " + e.getMessage(), e);
        }
    }
}
