package dev.triptych.schedule;

import dev.triptych.kernel.Causes;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that this process has begun and whose ends are not journaled yet. Outlives the scheduler's restarts when the
 * journal is away, so that a run goes on meanwhile, is not begun a second time beside itself, and its end is not lost.
 *
 * <p>Thread-safe. Progress is kept here and goes through no mailbox: runners may tell it as often as they like.
 */
final class RunsInHand {

    private static final Logger LOG = LoggerFactory.getLogger(RunsInHand.class);

    private final Map<String, InHand> runs = new ConcurrentHashMap<>();

    /** A run that has ended. */
    record Ended(RunRequest request, RunOutcome outcome) {}

    private static final class InHand {
        private final RunRequest request;
        private volatile @Nullable RunProgress progress;
        private volatile @Nullable RunOutcome outcome;

        InHand(RunRequest request) {
            this.request = request;
        }
    }

    /** @param onEnd called from any thread once the run has ended */
    void begin(PipelineRunner runner, RunRequest request, Runnable onEnd) {
        var run = new InHand(request);
        runs.put(request.runId(), run);
        begun(runner, request, reached -> run.progress = reached).whenComplete((outcome, failure) -> {
            run.outcome = failure == null ? outcome : broken(request, failure);
            onEnd.run();
        });
    }

    private static CompletionStage<RunOutcome> begun(
            PipelineRunner runner, RunRequest request, Consumer<RunProgress> progress) {
        try {
            return runner.run(request, progress);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static RunOutcome broken(RunRequest request, Throwable failure) {
        LOG.error("Run {} of {} broke", request.runId(), request.pipeline().path(), Causes.of(failure));
        return new RunOutcome.Failed(Causes.message(failure), List.of());
    }

    boolean contains(String runId) {
        return runs.containsKey(runId);
    }

    Optional<RunProgress> progress(String runId) {
        return Optional.ofNullable(runs.get(runId)).flatMap(run -> Optional.ofNullable(run.progress));
    }

    /** Those that have ended and are not yet forgotten. */
    List<Ended> ended() {
        return runs.values().stream()
                .flatMap(run ->
                        Optional.ofNullable(run.outcome).map(outcome -> new Ended(run.request, outcome)).stream())
                .toList();
    }

    /** Once its end is journaled. */
    void forget(String runId) {
        runs.remove(runId);
    }
}
