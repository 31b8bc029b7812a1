package dev.triptych.audit;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.PredictionArchive.Filter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replays whatever the archive holds, several pages of predictions at a time, with results in the archive's order. */
public final class Replays {

    private final PredictionArchive archive;
    private final Replay replay;
    private final int parallelism;
    private final Clock clock;

    /** @param parallelism so many pages are under way at once */
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
     * Every prediction that the filter names and that was made before now, page by page. Replays as fast as the pages
     * are taken.
     *
     * @param filter its limit is how many records are in a page
     */
    public Source<List<ReplayResult>, NotUsed> all(Filter filter) {
        return RecordedPages.of(archive, filter, clock).mapAsync(parallelism, replay.ofMany()::replay);
    }
}
