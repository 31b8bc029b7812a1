package dev.triptych.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.training.ModelTrainer.UntrainableException;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.UnusableDatasetException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt at a training run on the training threads, tells of it, and stops. Stopped from outside, the
 * attempt ends at its next step; a fit in the middle is not interrupted.
 */
final class TrainingWorker {

    /** What a worker tells; every report names the attempt, so that a late one is recognised. */
    sealed interface Report {
        String runId();

        int attempt();
    }

    record Progressed(String runId, int attempt, RunProgress progress) implements Report {}

    record DatasetReady(String runId, int attempt, String hash, long rows, long rowsWithoutLabel) implements Report {}

    record Judged(String runId, int attempt, TrainingAttempt.Result result) implements Report {}

    /** @param worthAnother whether another attempt may end otherwise */
    record Failed(String runId, int attempt, String reason, boolean worthAnother) implements Report {}

    private TrainingWorker() {}

    /** @param threads where the attempt runs; as many attempts at once as it has threads, others wait */
    static Behavior<Report> create(
            TrainingPorts ports, TrainingAttempt.Task task, int attempt, Executor threads, ActorRef<Report> reports) {
        return Behaviors.setup(context -> {
            var cancelled = new AtomicBoolean();
            start(context, ports, task, attempt, threads, reports, cancelled);
            return Behaviors.receive(Report.class)
                    .onMessage(Report.class, last -> {
                        reports.tell(last);
                        return Behaviors.stopped();
                    })
                    .onSignal(PostStop.class, stopped -> {
                        cancelled.set(true);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private static void start(
            ActorContext<Report> context,
            TrainingPorts ports,
            TrainingAttempt.Task task,
            int attempt,
            Executor threads,
            ActorRef<Report> reports,
            AtomicBoolean cancelled) {
        var listener = new Listener(task.runId(), attempt, reports, cancelled);
        context.pipeToSelf(
                CompletableFuture.supplyAsync(
                        () -> {
                            listener.requireWanted();
                            return new TrainingAttempt(ports, task, listener).run();
                        },
                        threads),
                (result, failure) -> failure == null
                        ? new Judged(task.runId(), attempt, result)
                        : failed(task.runId(), attempt, failure));
    }

    private static Failed failed(String runId, int attempt, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean ruledOut = cause instanceof UntrainableException || cause instanceof UnusableDatasetException;
        return new Failed(runId, attempt, reason(cause, ruledOut), !ruledOut);
    }

    private static String reason(Throwable cause, boolean ruledOut) {
        @Nullable String message = cause.getMessage();
        return ruledOut && message != null ? message : cause.toString();
    }

    private record Listener(String runId, int attempt, ActorRef<Report> reports, AtomicBoolean cancelled)
            implements TrainingAttempt.Listener {

        @Override
        public void progressed(String phase, long done, long total) {
            requireWanted();
            reports.tell(new Progressed(runId, attempt, new RunProgress(phase, done, total)));
        }

        @Override
        public void datasetBuilt(Dataset dataset) {
            requireWanted();
            reports.tell(new DatasetReady(runId, attempt, dataset.hash(), dataset.size(), dataset.rowsWithoutLabel()));
        }

        void requireWanted() {
            if (cancelled.get()) {
                throw new CancellationException("attempt " + attempt + " of " + runId + " is no longer wanted");
            }
        }
    }
}
