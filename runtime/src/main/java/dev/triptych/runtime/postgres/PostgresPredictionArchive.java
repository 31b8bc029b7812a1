package dev.triptych.runtime.postgres;

import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.Horizon;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Recorded predictions in the table that the journal's tailer fills. */
public final class PostgresPredictionArchive implements PredictionArchive {

    private final CaughtUpQueries queries;

    /**
     * @param executor runs the queries, which block
     * @param catchUp answers once everything committed before its call is projected
     */
    public PostgresPredictionArchive(
            DataSource database, Executor executor, Supplier<CompletionStage<Horizon>> catchUp) {
        this.queries = new CaughtUpQueries(database, executor, catchUp);
    }

    @Override
    public CompletionStage<Optional<PredictionRecord>> find(String id) {
        // A record never changes, so one that is there already needs no waiting.
        return queries.atOnce(connection -> PredictionRows.find(connection, id))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedStage(found)
                        : queries.whenCaughtUp(connection -> PredictionRows.find(connection, id)));
    }

    @Override
    public CompletionStage<List<PredictionRecord>> list(Filter filter) {
        return filter.after().isPresent()
                ? queries.atOnce(connection -> PredictionRows.list(connection, filter))
                : queries.whenCaughtUp(connection -> PredictionRows.list(connection, filter));
    }

    @Override
    public CompletionStage<Long> keptSinceMicros() {
        return queries.atOnce(PostgresPredictionRetention::keptSince);
    }
}
