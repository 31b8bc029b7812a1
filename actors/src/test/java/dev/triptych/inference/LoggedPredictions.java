package dev.triptych.inference;

import dev.triptych.inference.domain.PredictionRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** An archive that looks into the log at every question; a prediction that is in it twice is there once. */
public final class LoggedPredictions implements PredictionArchive {

    private final Supplier<List<PredictionRecord>> log;

    public LoggedPredictions(Supplier<List<PredictionRecord>> log) {
        this.log = log;
    }

    @Override
    public CompletionStage<Optional<PredictionRecord>> find(String id) {
        return CompletableFuture.completedStage(
                all().stream().filter(record -> record.id().equals(id)).findFirst());
    }

    @Override
    public CompletionStage<List<PredictionRecord>> list(Filter filter) {
        return CompletableFuture.completedStage(all().stream()
                .filter(record -> filter.version().stream().allMatch(wanted -> wanted == record.version()))
                .filter(record -> filter.key().isEmpty() || filter.key().equals(record.key()))
                .filter(record -> filter.runId().isEmpty() || filter.runId().equals(record.runId()))
                .filter(record -> filter.untilMicros().stream().allMatch(until -> record.predictedMicros() < until))
                .filter(record ->
                        filter.after().stream().allMatch(after -> record.id().compareTo(after) > 0))
                .sorted(Comparator.comparing(PredictionRecord::id))
                .limit(filter.limit())
                .toList());
    }

    @Override
    public CompletionStage<Long> keptSinceMicros() {
        return CompletableFuture.completedStage(0L);
    }

    private Collection<PredictionRecord> all() {
        var byId = new LinkedHashMap<String, PredictionRecord>();
        log.get().forEach(record -> byId.putIfAbsent(record.id(), record));
        return byId.values();
    }
}
