package dev.triptych.audit;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Micros;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replays whatever the archive holds, several predictions at a time, with results in the archive's order. */
public final class Replays {

    private final PredictionArchive archive;
    private final Replay replay;
    private final int parallelism;
    private final Clock clock;

    /** @param parallelism so many replays are under way at once */
    public Replays(PredictionArchive archive, Replay replay, int parallelism, Clock clock) {
        this.archive = archive;
        this.replay = replay;
        this.parallelism = parallelism;
        this.clock = clock;
    }

    /** One prediction; empty if there is none of this id. */
    public CompletionStage<Optional<ReplayResult>> one(String id) {
        return archive.find(id)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : replay.replay(found.get()).thenApply(Optional::of));
    }

    /**
     * Every prediction that the filter names and that was made before now. Replays as fast as the results are taken.
     *
     * @param filter its limit is how many records are fetched at once
     */
    public Source<ReplayResult, NotUsed> all(Filter filter) {
        // A system that goes on predicting would otherwise be replayed for ever.
        return Source.lazySource(() -> records(filter.until(Micros.of(clock.instant()) + 1)))
                .mapMaterializedValue(started -> NotUsed.getInstance())
                .mapAsync(parallelism, replay::replay);
    }

    private Source<PredictionRecord, NotUsed> records(Filter filter) {
        return Source.unfoldAsync(
                        filter,
                        page -> archive.list(page)
                                .thenApply(records -> records.isEmpty()
                                        ? Optional.<Pair<Filter, List<PredictionRecord>>>empty()
                                        : Optional.of(Pair.create(
                                                page.after(records.getLast().id()), records))))
                .mapConcat(records -> records);
    }
}
