package dev.triptych.schedule;

import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Runs nothing: a run ends when, and as, the test says. */
final class ScriptedRunner implements PipelineRunner {

    private final List<RunRequest> requests = new ArrayList<>();
    private final List<String> cancels = new ArrayList<>();
    private final Map<String, CompletableFuture<RunOutcome>> open = new HashMap<>();
    private final Map<String, Consumer<RunProgress>> listeners = new HashMap<>();

    @Override
    public synchronized CompletionStage<RunOutcome> run(RunRequest request, Consumer<RunProgress> progress) {
        requests.add(request);
        var outcome = new CompletableFuture<RunOutcome>();
        open.put(request.runId(), outcome);
        listeners.put(request.runId(), progress);
        return outcome;
    }

    @Override
    public synchronized void cancel(RunRequest request, String by) {
        cancels.add(request.runId() + " by " + by);
    }

    /** Everything asked for so far, in order. */
    synchronized List<RunRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> cancels() {
        return List.copyOf(cancels);
    }

    synchronized void tell(String runId, RunProgress progress) {
        Objects.requireNonNull(listeners.get(runId), runId).accept(progress);
    }

    /** @param cursor where the source then stands */
    void complete(String runId, Optional<String> cursor) {
        taken(runId).complete(new RunOutcome.Completed(Map.of("rowsWritten", 7L), Map.of(), List.of(), cursor));
    }

    void end(String runId, RunOutcome outcome) {
        taken(runId).complete(outcome);
    }

    void breakDown(String runId, Throwable failure) {
        taken(runId).completeExceptionally(failure);
    }

    private synchronized CompletableFuture<RunOutcome> taken(String runId) {
        return Objects.requireNonNull(open.remove(runId), runId);
    }
}
