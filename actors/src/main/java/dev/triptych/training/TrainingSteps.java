package dev.triptych.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.training.TrainingSupervisor.AliasAnswered;
import dev.triptych.training.TrainingSupervisor.Command;
import dev.triptych.training.TrainingSupervisor.HorizonKnown;
import dev.triptych.training.TrainingSupervisor.RegistryAnswered;
import dev.triptych.training.TrainingSupervisor.RegistrySilent;
import dev.triptych.training.TrainingSupervisor.Reported;
import dev.triptych.training.domain.OpenRun;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What a supervisor does about its open run. Every step answers with a message to the supervisor, and can be taken
 * again after a crash.
 */
final class TrainingSteps {

    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(10);

    private final ActorContext<Command> context;
    private final Scheduler scheduler;
    private final ActorRef<TrainingWorker.Report> reports;
    private final String model;
    private final Function<String, Optional<SystemDefinition>> systems;
    private final TrainingPorts ports;
    private final RecipientRef<ModelRegistry.Command> registry;
    private final Executor threads;

    /** @param context the supervisor's own */
    TrainingSteps(
            ActorContext<Command> context,
            String model,
            Function<String, Optional<SystemDefinition>> systems,
            TrainingPorts ports,
            RecipientRef<ModelRegistry.Command> registry,
            Executor threads) {
        this.context = context;
        this.scheduler = context.getSystem().scheduler();
        this.reports = context.messageAdapter(TrainingWorker.Report.class, Reported::new);
        this.model = model;
        this.systems = systems;
        this.ports = ports;
        this.registry = registry;
        this.threads = threads;
    }

    void freeze(OpenRun run) {
        context.pipeToSelf(
                ports.offlineStore().freeze(),
                (horizon, failure) -> failure == null
                        ? new HorizonKnown(run.runId(), run.attempts(), horizon)
                        : new Reported(new TrainingWorker.Failed(
                                run.runId(), run.attempts(), "the offline store: " + failure, true)));
    }

    /** Starts a worker on the run's frozen horizon; empty, and reported as failed, where nothing defines the model. */
    Optional<ActorRef<TrainingWorker.Report>> train(OpenRun run) {
        Optional<SystemDefinition> system =
                systems.apply(run.request().pipeline().system());
        Optional<TrainingPipelineDefinition> pipeline =
                system.flatMap(definition -> definition.trainingPipelineOf(model.substring(model.indexOf('/') + 1)));
        if (system.isEmpty() || pipeline.isEmpty()) {
            String reason = "model " + model + " (expected: one that a training pipeline makes)";
            reports.tell(new TrainingWorker.Failed(run.runId(), run.attempts(), reason, false));
            return Optional.empty();
        }
        var frozen = run.horizon().orElseThrow();
        var task = new TrainingAttempt.Task(
                run.runId(),
                model,
                system.get(),
                pipeline.get(),
                new Horizon(frozen.transaction(), frozen.ordering()),
                this::registered);
        return Optional.of(
                context.spawnAnonymous(TrainingWorker.create(ports, task, run.attempts(), threads, reports)));
    }

    void register(String runId, ModelVersion candidate) {
        context.ask(
                ModelRegistry.RegisterReply.class,
                registry,
                REGISTRY_TIMEOUT,
                replyTo -> new ModelRegistry.Register(candidate, replyTo),
                (reply, failure) -> failure == null
                        ? new RegistryAnswered(runId, reply)
                        : new RegistrySilent(runId, failure.toString()));
    }

    void promote(String runId, int version, String reason) {
        context.ask(
                ModelRegistry.MoveReply.class,
                registry,
                REGISTRY_TIMEOUT,
                replyTo -> new ModelRegistry.MoveAlias(
                        TrainingSupervisor.CHAMPION, version, "training run " + runId, reason, replyTo),
                (reply, failure) -> failure == null
                        ? new AliasAnswered(runId, reply)
                        : new RegistrySilent(runId, failure.toString()));
    }

    /** Asked from a training thread. */
    private CompletionStage<RegisteredModel> registered() {
        return AskPattern.ask(registry, ModelRegistry.Get::new, REGISTRY_TIMEOUT, scheduler);
    }
}
