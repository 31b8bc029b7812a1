package dev.triptych.inference;

import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The results of batch runs, one a key, in a table that anyone may query. Answers on any thread. */
public interface BatchResults {

    /** Durable when answered. A key that the run has a result of already keeps that one. */
    CompletionStage<Void> record(BatchRun run, List<BatchPrediction> predictions);

    /** Which of the keys the run has a result of. */
    CompletionStage<Set<String>> recorded(String runId, List<String> keys);

    /** The version of the run's results so far; empty if it has none. */
    CompletionStage<Optional<Integer>> version(String runId);

    /** All results of a run, in key order (UTF-8 bytes). Blocks the calling thread while reading. Close it. */
    Results read(String runId);

    interface Results extends Iterator<BatchPrediction>, AutoCloseable {
        @Override
        void close();
    }
}
