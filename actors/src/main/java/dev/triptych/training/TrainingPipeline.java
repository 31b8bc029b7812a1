package dev.triptych.training;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.schedule.PipelineRunner;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a training pipeline by starting a run with its model's supervisor and asking how far it is until it ends. The
 * run itself is the supervisor's: it goes on where this node does not.
 */
public final class TrainingPipeline implements PipelineRunner {

    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /** With the timeout, about five minutes: longer than a cluster needs to move a supervisor to another node. */
    private static final int SILENCES_MAX = 60;

    private final ActorSystem<?> system;
    private final Function<String, Optional<SystemDefinition>> systems;
    private final BiFunction<SystemDefinition, String, ? extends CompletionStage<?>> served;

    /**
     * @param systems a system's definition by its name, as it is applied now
     * @param served of a system's model: completes once every node serves what has become of it, or has said why not. A
     *     run is over then and not before, so that whoever saw its end is answered by what it promoted
     */
    public TrainingPipeline(
            ActorSystem<?> system,
            Function<String, Optional<SystemDefinition>> systems,
            BiFunction<SystemDefinition, String, ? extends CompletionStage<?>> served) {
        this.system = system;
        this.systems = systems;
        this.served = served;
    }

    @Override
    public CompletionStage<RunOutcome> run(RunRequest request, Consumer<RunProgress> progress) {
        PipelineId pipeline = request.pipeline();
        return systems.apply(pipeline.system())
                .flatMap(definition -> modelOf(definition, pipeline).map(model -> {
                    var run = new Polled(request, supervisor(pipeline, model), progress);
                    run.start();
                    return run.outcome.thenCompose(outcome -> toldWhenServed(outcome, definition, model));
                }))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        failed("pipeline " + pipeline.path() + " (expected: a training pipeline of the system)")));
    }

    private CompletionStage<RunOutcome> toldWhenServed(RunOutcome outcome, SystemDefinition definition, String model) {
        return outcome instanceof RunOutcome.Completed
                ? served.apply(definition, model).handle((all, failure) -> outcome)
                : CompletableFuture.completedStage(outcome);
    }

    /** Asks the supervisor to end a run; the stage of {@link #run} completes when it has. */
    public void cancel(RunRequest request, String by) {
        PipelineId pipeline = request.pipeline();
        systems.apply(pipeline.system())
                .flatMap(definition -> modelOf(definition, pipeline))
                .ifPresent(model -> supervisor(pipeline, model)
                        .tell(new TrainingSupervisor.Cancel(request.runId(), by, system.ignoreRef())));
    }

    private EntityRef<TrainingSupervisor.Command> supervisor(PipelineId pipeline, String model) {
        return ClusterSharding.get(system).entityRefFor(TrainingSupervisor.TYPE_KEY, pipeline.system() + "/" + model);
    }

    private static Optional<String> modelOf(SystemDefinition definition, PipelineId pipeline) {
        return definition.trainingPipelines().stream()
                .filter(candidate -> candidate.name().equals(pipeline.name()))
                .findFirst()
                .map(TrainingPipelineDefinition::model);
    }

    private static RunOutcome failed(String reason) {
        return new RunOutcome.Failed(reason, List.of());
    }

    /** One run, asked after again and again; each step is begun by the answer to the one before. */
    private final class Polled {
        private final RunRequest request;
        private final EntityRef<TrainingSupervisor.Command> supervisor;
        private final Consumer<RunProgress> progress;
        private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();

        Polled(RunRequest request, EntityRef<TrainingSupervisor.Command> supervisor, Consumer<RunProgress> progress) {
            this.request = request;
            this.supervisor = supervisor;
            this.progress = progress;
        }

        void start() {
            start(0);
        }

        private void start(int silences) {
            supervisor
                    .<TrainingSupervisor.StartReply>ask(
                            replyTo -> new TrainingSupervisor.Start(request, replyTo), ASK_TIMEOUT)
                    .whenComplete((reply, failure) -> {
                        if (failure != null) {
                            again(silences, failure, this::start);
                        } else {
                            onStart(reply);
                        }
                    });
        }

        private void onStart(TrainingSupervisor.StartReply reply) {
            switch (reply) {
                case TrainingSupervisor.Started started -> poll(0);
                case TrainingSupervisor.Busy(var runId) ->
                    outcome.complete(failed("run " + runId + " of the same model is in the middle"));
            }
        }

        private void poll(int silences) {
            supervisor
                    .<TrainingSupervisor.GetReply>ask(
                            replyTo -> new TrainingSupervisor.Get(request.runId(), replyTo), ASK_TIMEOUT)
                    .whenComplete((reply, failure) -> {
                        if (failure != null) {
                            again(silences, failure, this::poll);
                        } else {
                            onGet(reply);
                        }
                    });
        }

        private void onGet(TrainingSupervisor.GetReply reply) {
            switch (reply) {
                case TrainingSupervisor.Run run
                when run.outcome().isPresent() -> outcome.complete(run.outcome().get());
                case TrainingSupervisor.Run run -> {
                    progress.accept(run.progress());
                    later(() -> poll(0));
                }
                case TrainingSupervisor.UnknownRun unknown ->
                    outcome.complete(failed("run " + unknown.runId() + " is not known to its supervisor any more"));
            }
        }

        private void again(int silences, @Nullable Throwable failure, java.util.function.IntConsumer step) {
            if (silences + 1 == SILENCES_MAX) {
                outcome.complete(failed("the training supervisor does not answer: " + failure));
            } else {
                later(() -> step.accept(silences + 1));
            }
        }

        private void later(Runnable step) {
            CompletableFuture.delayedExecutor(
                            POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS, system.executionContext())
                    .execute(step);
        }
    }
}
