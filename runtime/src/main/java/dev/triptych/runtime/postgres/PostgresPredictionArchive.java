package dev.triptych.runtime.postgres;

import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.Horizon;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Recorded predictions in the table that the journal's tailer fills. */
public final class PostgresPredictionArchive implements PredictionArchive {

    private final DataSource database;
    private final Executor executor;
    private final Supplier<CompletionStage<Horizon>> catchUp;

    /**
     * @param executor runs the queries, which block
     * @param catchUp answers once everything committed before its call is projected
     */
    public PostgresPredictionArchive(
            DataSource database, Executor executor, Supplier<CompletionStage<Horizon>> catchUp) {
        this.database = database;
        this.executor = executor;
        this.catchUp = catchUp;
    }

    @Override
    public CompletionStage<Optional<PredictionRecord>> find(String id) {
        // A record never changes, so one that is there already needs no waiting.
        return atOnce(connection -> PredictionRows.find(connection, id))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedStage(found)
                        : whenCaughtUp(connection -> PredictionRows.find(connection, id)));
    }

    @Override
    public CompletionStage<List<PredictionRecord>> list(Filter filter) {
        return filter.after().isPresent()
                ? atOnce(connection -> PredictionRows.list(connection, filter))
                : whenCaughtUp(connection -> PredictionRows.list(connection, filter));
    }

    @Override
    public CompletionStage<Long> keptSinceMicros() {
        return CompletableFuture.supplyAsync(() -> run(PostgresPredictionRetention::keptSince), executor);
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> CompletionStage<T> atOnce(Query<T> query) {
        return CompletableFuture.supplyAsync(() -> run(query), executor);
    }

    private <T> CompletionStage<T> whenCaughtUp(Query<T> query) {
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
