package dev.triptych.inference;

import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Results and files in memory, whose disk can fail. */
final class StoredResults implements BatchResults, BatchFiles {

    private final Map<String, List<BatchPrediction>> files = new ConcurrentHashMap<>();

    /** So many more stores succeed. */
    final AtomicInteger storesLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** What a store does that does not succeed: never end, or fail. */
    volatile CompletionStage<Void> otherwise = new CompletableFuture<>();

    final AtomicInteger storesMissed = new AtomicInteger();

    private final Map<String, Map<String, BatchPrediction>> runs = new ConcurrentHashMap<>();

    /** What the run's file holds; nothing before it is written. */
    List<BatchPrediction> file(String runId) {
        return files.getOrDefault(runId, List.of());
    }

    private Map<String, BatchPrediction> run(String runId) {
        return runs.computeIfAbsent(runId, id -> new ConcurrentSkipListMap<>());
    }

    @Override
    public CompletionStage<Void> record(BatchRun run, List<BatchPrediction> predictions) {
        if (storesLeft.getAndDecrement() <= 0) {
            storesMissed.incrementAndGet();
            return otherwise;
        }
        predictions.forEach(prediction -> run(run.runId()).putIfAbsent(prediction.key(), prediction));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Set<String>> recorded(String runId, List<String> keys) {
        var recorded = new HashSet<>(keys);
        recorded.retainAll(run(runId).keySet());
        return CompletableFuture.completedStage(recorded);
    }

    @Override
    public CompletionStage<Optional<Integer>> version(String runId) {
        return CompletableFuture.completedStage(
                run(runId).values().stream().map(BatchPrediction::version).findAny());
    }

    @Override
    public Results read(String runId) {
        Iterator<BatchPrediction> rows = run(runId).values().iterator();
        return new Results() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public BatchPrediction next() {
                return rows.next();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Written write(BatchRun run, List<String> outputs, Iterator<BatchPrediction> predictions) {
        var rows = new ArrayList<BatchPrediction>();
        predictions.forEachRemaining(rows::add);
        files.put(run.runId(), rows);
        return new Written(run.runId() + ".parquet", rows.size());
    }
}
