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

/** The archive, page by page. */
final class RecordedPages {

    private RecordedPages() {}

    /**
     * Every prediction that the filter names and that was made before now, by id.
     *
     * @param filter its limit is how many records a page has
     */
    static Source<List<PredictionRecord>, NotUsed> of(PredictionArchive archive, Filter filter, Clock clock) {
        // A system that goes on predicting would otherwise be read for ever.
        return Source.lazySource(() -> from(archive, filter.until(Micros.of(clock.instant()) + 1)))
                .mapMaterializedValue(started -> NotUsed.getInstance());
    }

    private static Source<List<PredictionRecord>, NotUsed> from(PredictionArchive archive, Filter first) {
        return Source.unfoldAsync(
                first,
                page -> archive.list(page)
                        .thenApply(records -> records.isEmpty()
                                ? Optional.<Pair<Filter, List<PredictionRecord>>>empty()
                                : Optional.of(
                                        Pair.create(page.after(records.getLast().id()), records))));
    }
}
