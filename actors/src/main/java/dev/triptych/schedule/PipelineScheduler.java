package dev.triptych.schedule;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EffectBuilder;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.PipelineRun;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.schedule.domain.Schedule;
import dev.triptych.schedule.domain.ScheduleEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Runs every pipeline at its cadence, and by hand; never two runs of one pipeline at once. A cluster singleton,
 * event-sourced.
 *
 * <ul>
 *   <li>A cadence fires once its next instant has come and no run of the pipeline is open. Instants that went by
 *       meanwhile, because a run took long or no node was up, are caught up by one run, for the last of them.
 *   <li>A cadence that is new fires at its next instant, not at once.
 *   <li>A run that was open when the node died is made again under the same id, at most {@value #ATTEMPTS_MAX} times.
 * </ul>
 */
public final class PipelineScheduler extends EventSourcedBehavior<PipelineScheduler.Command, ScheduleEvent, Schedule> {

    public sealed interface Command extends CborSerializable {}

    /**
     * Runs a pipeline now.
     *
     * @param runId chosen by the caller; the same id again answers the same run
     * @param options for this run
     */
    public record Run(String runId, PipelineId pipeline, Map<String, String> options, ActorRef<RunReply> replyTo)
            implements Command {}

    public record GetRun(String runId, ActorRef<RunReply> replyTo) implements Command {}

    /** The last runs, newest first. */
    public record ListRuns(Optional<String> system, Optional<PipelineId> pipeline, int limit, ActorRef<Runs> replyTo)
            implements Command {}

    public record Cancel(String runId, String by, ActorRef<RunReply> replyTo) implements Command {}

    public sealed interface RunReply extends CborSerializable {}

    public record Current(PipelineRun run) implements RunReply {}

    /** Another run of the pipeline is in the middle; this one was not started. */
    public record Overlapping(PipelineRun run) implements RunReply {}

    /** No such pipeline or run. */
    public record NotFound(Invalid reason) implements RunReply {}

    public record Runs(List<PipelineRun> runs) implements CborSerializable {}

    /** A run that was open at recovery is to be made again. */
    private record Again(String runId) implements Command {}

    private record Tick() implements Command {}

    private record Progressed(String runId, RunProgress progress) implements Command {}

    private record Ended(String runId, int attempt, RunOutcome outcome) implements Command {}

    private static final int ATTEMPTS_MAX = 3;
    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private final ActorContext<Command> context;
    private final Map<PipelineKind, PipelineRunner> runners;
    private final Map<PipelineId, Cadence> cadences;
    private final boolean followCadences;
    private final Clock clock;
    private final Map<String, RunProgress> progress = new HashMap<>();

    /**
     * Starts the singleton, or finds it on another node.
     *
     * @param followCadences off, pipelines run only by hand
     */
    public static ActorRef<Command> init(
            ActorSystem<?> system,
            Map<PipelineKind, PipelineRunner> runners,
            Collection<SystemDefinition> systems,
            boolean followCadences,
            Clock clock) {
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(create(runners, systems, followCadences, clock), "pipeline-scheduler"));
    }

    public static Behavior<Command> create(
            Map<PipelineKind, PipelineRunner> runners,
            Collection<SystemDefinition> systems,
            boolean followCadences,
            Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay("tick", new Tick(), TICK);
            return new PipelineScheduler(context, runners, cadences(systems), followCadences, clock);
        }));
    }

    private PipelineScheduler(
            ActorContext<Command> context,
            Map<PipelineKind, PipelineRunner> runners,
            Map<PipelineId, Cadence> cadences,
            boolean followCadences,
            Clock clock) {
        super(
                PersistenceId.ofUniqueId("scheduler"),
                SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, 0.2));
        this.context = context;
        this.runners = runners;
        this.cadences = cadences;
        this.followCadences = followCadences;
        this.clock = clock;
    }

    private static Map<PipelineId, Cadence> cadences(Collection<SystemDefinition> systems) {
        var cadences = new LinkedHashMap<PipelineId, Cadence>();
        for (SystemDefinition system : systems) {
            system.featurePipelines()
                    .forEach(p ->
                            cadences.put(new PipelineId(system.name(), PipelineKind.FEATURE, p.name()), p.cadence()));
            system.trainingPipelines()
                    .forEach(p ->
                            cadences.put(new PipelineId(system.name(), PipelineKind.TRAINING, p.name()), p.cadence()));
            system.inferencePipelines()
                    .forEach(p ->
                            cadences.put(new PipelineId(system.name(), PipelineKind.INFERENCE, p.name()), p.cadence()));
        }
        return cadences;
    }

    @Override
    public Schedule emptyState() {
        return Schedule.empty();
    }

    @Override
    public CommandHandler<Command, ScheduleEvent, Schedule> commandHandler() {
        return this::onCommand;
    }

    @Override
    public EventHandler<Schedule, ScheduleEvent> eventHandler() {
        return Schedule::apply;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, 2);
    }

    @Override
    public SignalHandler<Schedule> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::resume)
                .build();
    }

    private Effect<ScheduleEvent, Schedule> onCommand(Schedule schedule, Command command) {
        return switch (command) {
            case Run run -> onRun(schedule, run);
            case GetRun(var runId, var replyTo) -> reply(replyTo, found(schedule, runId));
            case ListRuns list -> {
                list.replyTo().tell(new Runs(listed(schedule, list)));
                yield Effect().none();
            }
            case Cancel cancel -> onCancel(schedule, cancel);
            case Tick tick -> onTick(schedule);
            case Progressed(var runId, var reached) -> {
                progress.put(runId, reached);
                yield Effect().none();
            }
            case Ended ended -> onEnded(schedule, ended);
            case Again(var runId) -> onAgain(schedule, runId);
        };
    }

    private Effect<ScheduleEvent, Schedule> reply(ActorRef<RunReply> replyTo, RunReply reply) {
        return Effect().none().thenRun(() -> replyTo.tell(reply));
    }

    private RunReply found(Schedule schedule, String runId) {
        return schedule.run(runId)
                .<RunReply>map(this::current)
                .orElseGet(() -> new NotFound(new Invalid("run_id", runId, "the id of a run; list them")));
    }

    private Current current(Schedule.Entry run) {
        return new Current(
                run.with(Optional.ofNullable(progress.get(run.request().runId()))));
    }

    private List<PipelineRun> listed(Schedule schedule, ListRuns list) {
        return schedule.pipelines().values().stream()
                .flatMap(pipeline -> pipeline.runs().stream())
                .filter(run -> list.system().isEmpty()
                        || list.system().get().equals(run.request().pipeline().system()))
                .filter(run -> list.pipeline().isEmpty()
                        || list.pipeline().get().equals(run.request().pipeline()))
                .sorted(Comparator.comparingLong(Schedule.Entry::startedMicros).reversed())
                .limit(list.limit())
                .map(run -> current(run).run())
                .toList();
    }

    private Effect<ScheduleEvent, Schedule> onRun(Schedule schedule, Run run) {
        if (!cadences.containsKey(run.pipeline())) {
            return reply(
                    run.replyTo(),
                    new NotFound(
                            new Invalid("pipeline", run.pipeline().path(), "a pipeline of a system of this node")));
        }
        Optional<Schedule.Entry> same = schedule.run(run.runId());
        if (same.isPresent()) {
            return reply(run.replyTo(), current(same.get()));
        }
        Optional<Schedule.Entry> open = schedule.pipeline(run.pipeline()).open();
        if (open.isPresent()) {
            return reply(run.replyTo(), new Overlapping(current(open.get()).run()));
        }
        return start(schedule, run.runId(), run.pipeline(), "manual", now(), run.options())
                .thenRun((Schedule after) -> run.replyTo().tell(found(after, run.runId())));
    }

    /** Persisted first, begun after: a crash between the two finds the run open, and makes it again. */
    private EffectBuilder<ScheduleEvent, Schedule> start(
            Schedule schedule,
            String runId,
            PipelineId pipeline,
            String trigger,
            long scheduledMicros,
            Map<String, String> options) {
        var request = new RunRequest(
                runId,
                pipeline,
                1,
                scheduledMicros,
                options,
                schedule.pipeline(pipeline).cursor());
        return Effect()
                .persist(new ScheduleEvent.RunStarted(request, trigger, now()))
                .thenRun((Schedule after) -> begin(request));
    }

    private void begin(RunRequest request) {
        ActorRef<Command> self = context.getSelf();
        CompletionStage<RunOutcome> outcome;
        try {
            outcome = runner(request).run(request, reached -> self.tell(new Progressed(request.runId(), reached)));
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedStage(e);
        }
        context.pipeToSelf(
                outcome,
                (ended, failure) -> new Ended(
                        request.runId(), request.attempt(), failure == null ? ended : failed(request, failure)));
    }

    private PipelineRunner runner(RunRequest request) {
        PipelineRunner runner = runners.get(request.pipeline().kind());
        if (runner == null) {
            throw new IllegalStateException(
                    "no node runs " + request.pipeline().kind().label() + " pipelines");
        }
        return runner;
    }

    private RunOutcome failed(RunRequest request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        context.getLog()
                .error("Run {} of {} broke", request.runId(), request.pipeline().path(), cause);
        return new RunOutcome.Failed(String.valueOf(cause), List.of());
    }

    private Effect<ScheduleEvent, Schedule> onEnded(Schedule schedule, Ended ended) {
        Optional<Schedule.Entry> run = schedule.run(ended.runId());
        if (run.isEmpty() || run.get().outcome().isPresent() || run.get().attempt() != ended.attempt()) {
            return Effect().none();
        }
        return Effect()
                .persist(new ScheduleEvent.RunEnded(ended.runId(), ended.outcome(), now()))
                .thenRun(after -> progress.remove(ended.runId()));
    }

    private Effect<ScheduleEvent, Schedule> onCancel(Schedule schedule, Cancel cancel) {
        Optional<Schedule.Entry> run = schedule.run(cancel.runId());
        run.filter(open -> open.outcome().isEmpty())
                .ifPresent(open -> runner(open.request()).cancel(open.request(), cancel.by()));
        return reply(cancel.replyTo(), found(schedule, cancel.runId()));
    }

    private Effect<ScheduleEvent, Schedule> onTick(Schedule schedule) {
        if (!followCadences) {
            return Effect().none();
        }
        for (Map.Entry<PipelineId, Cadence> followed : cadences.entrySet()) {
            Optional<Effect<ScheduleEvent, Schedule>> due = due(schedule, followed.getKey(), followed.getValue());
            // One effect a command; whatever else is due comes with the next tick.
            if (due.isPresent()) {
                return due.get();
            }
        }
        return Effect().none();
    }

    private Optional<Effect<ScheduleEvent, Schedule>> due(Schedule schedule, PipelineId id, Cadence cadence) {
        if (cadence instanceof Cadence.Manual) {
            return Optional.empty();
        }
        Schedule.Pipeline pipeline = schedule.pipeline(id);
        Instant now = clock.instant();
        if (pipeline.followedMicros().isEmpty()) {
            return Optional.of(Effect().persist(new ScheduleEvent.CadenceFollowed(id, Micros.of(now))));
        }
        Instant last = Micros.toInstant(pipeline.followedMicros().get());
        Optional<Instant> next = Firings.next(cadence, last);
        if (next.isEmpty() || next.get().isAfter(now) || pipeline.open().isPresent()) {
            return Optional.empty();
        }
        Instant newest = newestDue(cadence, next.get(), now);
        String trigger = newest.equals(next.get()) ? "cadence" : "catch-up";
        String runId = id.name() + "-" + newest;
        return Optional.of(start(schedule, runId, id, trigger, Micros.of(newest), Map.of()));
    }

    /** The last firing not after now; found by halving, since a cadence of a second may have missed millions. */
    private static Instant newestDue(Cadence cadence, Instant first, Instant now) {
        Instant newest = first;
        Duration back = Duration.between(first, now);
        while (back.isPositive()) {
            Optional<Instant> near = Firings.next(cadence, now.minus(back));
            if (near.isPresent() && !near.get().isAfter(now) && near.get().isAfter(newest)) {
                newest = near.get();
            }
            back = back.toMillis() <= 1 ? Duration.ZERO : back.dividedBy(2);
        }
        Optional<Instant> following = Firings.next(cadence, newest);
        while (following.isPresent() && !following.get().isAfter(now)) {
            newest = following.get();
            following = Firings.next(cadence, newest);
        }
        return newest;
    }

    /** Runs that were open when their node died are made again. */
    private void resume(Schedule schedule) {
        schedule.pipelines().values().stream()
                .flatMap(pipeline -> pipeline.open().stream())
                .forEach(run -> context.getSelf().tell(new Again(run.request().runId())));
    }

    private Effect<ScheduleEvent, Schedule> onAgain(Schedule schedule, String runId) {
        Optional<Schedule.Entry> open =
                schedule.run(runId).filter(run -> run.outcome().isEmpty());
        if (open.isEmpty()) {
            return Effect().none();
        }
        int attempt = open.get().attempt() + 1;
        if (attempt > ATTEMPTS_MAX || !cadences.containsKey(open.get().request().pipeline())) {
            String reason = attempt > ATTEMPTS_MAX
                    ? "its node went away in the middle of every one of " + ATTEMPTS_MAX + " attempts"
                    : "the pipeline is no longer declared";
            return Effect().persist(new ScheduleEvent.RunEnded(runId, new RunOutcome.Failed(reason, List.of()), now()));
        }
        return Effect()
                .persist(new ScheduleEvent.AttemptStarted(runId, attempt, now()))
                .thenRun((Schedule after) -> after.run(runId).ifPresent(run -> begin(run.current())));
    }

    private long now() {
        return Micros.of(clock.instant());
    }
}
