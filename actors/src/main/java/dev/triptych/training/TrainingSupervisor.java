package dev.triptych.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EffectBuilder;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.training.domain.OpenRun;
import dev.triptych.training.domain.TrainingEvent;
import dev.triptych.training.domain.TrainingState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The training runs of one model: sharded by {@code system/model}, event-sourced.
 *
 * <p>A run goes through these states, each of them journaled before it is acted on, so that a crash is followed by the
 * same action again:
 *
 * <ul>
 *   <li>started: the journal's horizon is frozen, once for all attempts
 *   <li>frozen: a worker builds the dataset, fits, evaluates and stores the artifact; where the node dies or a driver
 *       fails, another attempt begins, at most {@value #ATTEMPTS_MAX} in all
 *   <li>evaluated: the version is registered, which the registry does once for a run id; nothing is fitted again
 *   <li>registered: the alias {@value #CHAMPION} is moved if the verdict says so
 *   <li>ended: completed, failed or cancelled
 * </ul>
 *
 * <p>A version is registered also where gates failed; it is never promoted by itself then.
 */
public final class TrainingSupervisor
        extends EventSourcedBehavior<TrainingSupervisor.Command, TrainingEvent, TrainingState> {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "training");

    public sealed interface Command extends CborSerializable {}

    /** Starts a run; the same run id again answers the same. A run in the middle when a node died goes on by itself. */
    public record Start(RunRequest request, ActorRef<StartReply> replyTo) implements Command {}

    /** Where a run is; to be asked again and again. */
    public record Get(String runId, ActorRef<GetReply> replyTo) implements Command {}

    /**
     * Ends a run without a version. One whose model is on its way into the registry already goes on to its end, as
     * does one that has ended.
     */
    public record Cancel(String runId, String by, ActorRef<GetReply> replyTo) implements Command {}

    public sealed interface StartReply extends CborSerializable {}

    public record Started(String runId) implements StartReply {}

    /** Another run of this model is in the middle. */
    public record Busy(String runId) implements StartReply {}

    public sealed interface GetReply extends CborSerializable {}

    /** @param outcome empty while it runs */
    public record Run(String runId, int attempt, RunProgress progress, Optional<RunOutcome> outcome)
            implements GetReply {}

    public record UnknownRun(String runId) implements GetReply {}

    /** The alias that automatic promotion moves. */
    public static final String CHAMPION = "champion";

    static final int ATTEMPTS_MAX = 3;
    private static final int REGISTRY_TRIES_MAX = 120;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    private static final int EVENTS_PER_SNAPSHOT = 50;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final String RETRY = "retry";
    private static final RunProgress WAITING = new RunProgress("waiting for a training thread", 0, 0);

    /** Goes on with whatever the state says comes next. */
    private record Resume() implements Command {}

    record HorizonKnown(String runId, int attempt, Horizon horizon) implements Command {}

    record Reported(TrainingWorker.Report report) implements Command {}

    record RegistryAnswered(String runId, ModelRegistry.RegisterReply reply) implements Command {}

    record AliasAnswered(String runId, ModelRegistry.MoveReply reply) implements Command {}

    record RegistrySilent(String runId, String reason) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final String model;
    private final TrainingSteps steps;
    private final Clock clock;
    private final Duration retryDelay;

    // Not journaled: whether a step of the open run is under way, where it is, and who takes it.
    private boolean busy;
    private RunProgress progress = WAITING;
    private Optional<ActorRef<TrainingWorker.Report>> worker = Optional.empty();
    private int registryTries;

    private TrainingSupervisor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String model,
            TrainingSteps steps,
            Clock clock,
            Duration retryDelay) {
        super(
                PersistenceId.of(TYPE_KEY.name(), model),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
        this.context = context;
        this.timers = timers;
        this.model = model;
        this.steps = steps;
        this.clock = clock;
        this.retryDelay = retryDelay;
    }

    /**
     * Registers the entity with sharding on this node.
     *
     * @param systems a system's definition by its name, as it is applied now
     * @param threads training threads: few, as each is kept busy for the length of an attempt
     */
    public static ActorRef<ShardingEnvelope<Command>> init(
            ActorSystem<?> system,
            Function<String, Optional<SystemDefinition>> systems,
            TrainingPorts ports,
            Executor threads,
            Clock clock) {
        ClusterSharding sharding = ClusterSharding.get(system);
        return sharding.init(Entity.of(
                        TYPE_KEY,
                        context -> create(
                                context.getEntityId(),
                                systems,
                                ports,
                                sharding.entityRefFor(ModelRegistry.TYPE_KEY, context.getEntityId()),
                                threads,
                                clock,
                                RETRY_DELAY))
                .withRole(NodeRoles.TRAINING)
                // A long run hears nothing through sharding; it must not be taken for idle.
                .withSettings(ClusterShardingSettings.create(system).withNoPassivationStrategy()));
    }

    /** @param registry of the same model */
    static Behavior<Command> create(
            String model,
            Function<String, Optional<SystemDefinition>> systems,
            TrainingPorts ports,
            RecipientRef<ModelRegistry.Command> registry,
            Executor threads,
            Clock clock,
            Duration retryDelay) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new TrainingSupervisor(
                context,
                timers,
                model,
                new TrainingSteps(context, model, systems, ports, registry, threads),
                clock,
                retryDelay)));
    }

    @Override
    public TrainingState emptyState() {
        return TrainingState.EMPTY;
    }

    @Override
    public EventHandler<TrainingState, TrainingEvent> eventHandler() {
        return TrainingState::apply;
    }

    @Override
    public SignalHandler<TrainingState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> resumeLater())
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }

    @Override
    public CommandHandler<Command, TrainingEvent, TrainingState> commandHandler() {
        return this::onCommand;
    }

    private Effect<TrainingEvent, TrainingState> onCommand(TrainingState state, Command command) {
        return switch (command) {
            case Start start -> onStart(state, start);
            case Get get -> Effect().reply(get.replyTo(), current(state, get.runId()));
            case Cancel cancel -> onCancel(state, cancel);
            case Resume resume -> onResume(state);
            case HorizonKnown known when state.isAttempted(known.runId(), known.attempt()) -> onHorizon(known);
            case HorizonKnown stale -> Effect().none();
            case Reported(var report) when state.isAttempted(report.runId(), report.attempt()) -> onReport(report);
            case Reported stale -> Effect().none();
            case RegistryAnswered(var runId, var reply)
            when state.open(runId).isPresent() -> onRegistered(runId, reply);
            case RegistryAnswered late -> Effect().none();
            case AliasAnswered(var runId, var reply)
            when state.open(runId).isPresent() -> onMoved(state.open(runId).get(), reply);
            case AliasAnswered late -> Effect().none();
            case RegistrySilent(var runId, var reason) when state.open(runId).isPresent() -> onSilence(runId, reason);
            case RegistrySilent late -> Effect().none();
        };
    }

    private Effect<TrainingEvent, TrainingState> onStart(TrainingState state, Start start) {
        String runId = start.request().runId();
        if (state.open(runId).isPresent() || state.ended(runId).isPresent()) {
            return Effect().reply(start.replyTo(), new Started(runId));
        }
        if (state.open().isPresent()) {
            return Effect().reply(start.replyTo(), new Busy(state.open().get().runId()));
        }
        context.getLog().debug("run {} of {} starts", runId, model);
        return Effect()
                .persist(new TrainingEvent.RunStarted(start.request(), now()))
                .thenRun(this::resumeLater)
                .thenReply(start.replyTo(), started -> new Started(runId));
    }

    private Effect<TrainingEvent, TrainingState> onCancel(TrainingState state, Cancel cancel) {
        Optional<OpenRun> open = state.open(cancel.runId());
        if (open.isEmpty() || open.get().evaluated().isPresent()) {
            return Effect().reply(cancel.replyTo(), current(state, cancel.runId()));
        }
        return end(cancel.runId(), new RunOutcome.Cancelled(cancel.by()))
                .thenReply(cancel.replyTo(), ended -> current(ended, cancel.runId()));
    }

    /** Called after starting, after every step that was journaled, after recovery, and to try again. */
    private Effect<TrainingEvent, TrainingState> onResume(TrainingState state) {
        // A run that is started while its supervisor recovers is resumed twice.
        if (state.open().isEmpty() || busy) {
            return Effect().none();
        }
        busy = true;
        OpenRun run = state.open().get();
        if (run.version().isPresent()) {
            return promoteOrEnd(run, run.version().get());
        }
        if (run.evaluated().isPresent()) {
            return Effect().none().thenRun(same -> {
                progress = new RunProgress("registering", 0, 1);
                steps.register(run.runId(), run.evaluated().get().candidate());
            });
        }
        if (run.attempts() == ATTEMPTS_MAX) {
            return end(
                    run.runId(),
                    failed("given up after " + ATTEMPTS_MAX + " attempts, the last while " + progress.phase()));
        }
        return Effect()
                .persist(new TrainingEvent.AttemptStarted(run.runId(), run.attempts() + 1, now()))
                .thenRun(this::attempt);
    }

    private void attempt(TrainingState state) {
        OpenRun run = state.open().orElseThrow();
        if (run.horizon().isPresent()) {
            startWorker(run);
        } else {
            progress = new RunProgress("freezing the journal", 0, 0);
            steps.freeze(run);
        }
    }

    private void startWorker(OpenRun run) {
        progress = WAITING;
        worker = steps.train(run);
    }

    private Effect<TrainingEvent, TrainingState> onHorizon(HorizonKnown known) {
        return Effect()
                .persist(new TrainingEvent.HorizonFrozen(
                        known.runId(),
                        known.horizon().transaction(),
                        known.horizon().ordering(),
                        now()))
                .thenRun(frozen -> startWorker(frozen.open().orElseThrow()));
    }

    private Effect<TrainingEvent, TrainingState> onReport(TrainingWorker.Report report) {
        return switch (report) {
            case TrainingWorker.Progressed(var runId, var attempt, var further) -> {
                progress = further;
                yield Effect().none();
            }
            case TrainingWorker.DatasetReady(var runId, var attempt, var hash, var rows, var rowsWithoutLabel) ->
                Effect().persist(new TrainingEvent.DatasetBuilt(runId, hash, rows, rowsWithoutLabel, now()));
            case TrainingWorker.Judged(var runId, var attempt, var result) ->
                Effect()
                        .persist(new TrainingEvent.Evaluated(
                                runId, result.candidate(), result.gates(), result.verdict(), now()))
                        .thenRun(this::resumeLater);
            case TrainingWorker.Failed(var runId, var attempt, var reason, var worthAnother) ->
                onFailure(runId, attempt, reason, worthAnother);
        };
    }

    private Effect<TrainingEvent, TrainingState> onFailure(
            String runId, int attempt, String reason, boolean worthAnother) {
        if (!worthAnother) {
            return end(runId, failed(reason));
        }
        context.getLog().warn("attempt {} of {} at run {} failed: {}", attempt, ATTEMPTS_MAX, runId, reason);
        if (attempt == ATTEMPTS_MAX) {
            return end(runId, failed("given up after " + ATTEMPTS_MAX + " attempts: " + reason));
        }
        retryLater();
        return Effect().none();
    }

    private Effect<TrainingEvent, TrainingState> onRegistered(String runId, ModelRegistry.RegisterReply reply) {
        registryTries = 0;
        return switch (reply) {
            case ModelRegistry.Registered(var number) ->
                Effect()
                        .persist(new TrainingEvent.VersionRegistered(runId, number, now()))
                        .thenRun(this::resumeLater);
            case ModelRegistry.Refused(var reason) -> end(runId, failed(reason.message()));
        };
    }

    private Effect<TrainingEvent, TrainingState> promoteOrEnd(OpenRun run, int version) {
        var verdict = run.evaluated().orElseThrow().verdict();
        if (!verdict.promote()) {
            return end(run.runId(), run.completed(false, verdict.reason()));
        }
        return Effect().none().thenRun(same -> {
            progress = new RunProgress("promoting", 0, 1);
            steps.promote(run.runId(), version, verdict.reason());
        });
    }

    private Effect<TrainingEvent, TrainingState> onMoved(OpenRun run, ModelRegistry.MoveReply reply) {
        registryTries = 0;
        return switch (reply) {
            case ModelRegistry.Moved moved ->
                end(
                        run.runId(),
                        run.completed(
                                true, run.evaluated().orElseThrow().verdict().reason()));
            case ModelRegistry.Refused(var reason) -> end(run.runId(), run.completed(false, reason.message()));
        };
    }

    private Effect<TrainingEvent, TrainingState> onSilence(String runId, String reason) {
        registryTries++;
        if (registryTries == REGISTRY_TRIES_MAX) {
            return end(runId, failed("the model registry did not answer; the version may be there: " + reason));
        }
        retryLater();
        return Effect().none();
    }

    private EffectBuilder<TrainingEvent, TrainingState> end(String runId, RunOutcome outcome) {
        context.getLog().debug("run {} of {} ends: {}", runId, model, outcome);
        timers.cancel(RETRY);
        return Effect()
                .persist(new TrainingEvent.RunEnded(runId, outcome, now()))
                .thenRun(ended -> stopWorker());
    }

    /** A worker that has told its last has stopped by itself; to stop it again does nothing. */
    private void stopWorker() {
        worker.ifPresent(context::stop);
        worker = Optional.empty();
        progress = WAITING;
        busy = false;
    }

    private void retryLater() {
        busy = false;
        timers.startSingleTimer(RETRY, new Resume(), retryDelay);
    }

    private void resumeLater() {
        busy = false;
        context.getSelf().tell(new Resume());
    }

    private GetReply current(TrainingState state, String runId) {
        if (state.open(runId).isPresent()) {
            return new Run(runId, state.open(runId).get().attempts(), progress, Optional.empty());
        }
        return state.ended(runId)
                .<GetReply>map(run ->
                        new Run(runId, run.attempts(), new RunProgress("ended", 1, 1), Optional.of(run.outcome())))
                .orElseGet(() -> new UnknownRun(runId));
    }

    private static RunOutcome.Failed failed(String reason) {
        return new RunOutcome.Failed(reason, List.of());
    }

    private long now() {
        return Micros.of(clock.instant());
    }
}
