package dev.triptych.schedule;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.PipelineRun;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.schedule.domain.Schedule;
import dev.triptych.schedule.domain.ScheduleEvent;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.OwnersOnly;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs every pipeline at its cadence, and by hand; never two runs of one pipeline at once. A cluster singleton,
 * event-sourced.
 *
 * <ul>
 *   <li>A cadence fires once its next instant has come and no run of the pipeline is open. Instants that went by
 *       meanwhile, because a run took long or no node was up, are caught up by one run, for the last of them.
 *   <li>A cadence that is new fires at its next instant, not at once.
 *   <li>A run that was open when the node died is made again under the same id, at most {@value #ATTEMPTS_MAX} times.
 *   <li>While the journal is away runs go on, none begins, and what has ended is journaled once it is back.
 * </ul>
 *
 * <p>It looks around a few times a second, and after every end of a run: what is journaled is compared with what is in
 * hand and what the clock says, and the difference is journaled first and done after. So no single message matters.
 */
public final class PipelineScheduler extends EventSourcedBehavior<PipelineScheduler.Command, ScheduleEvent, Schedule> {

    public sealed interface Command extends CborSerializable {}

    /**
     * Runs a pipeline now.
     *
     * @param runId chosen by the caller, 1 to {@value #RUN_ID_LENGTH_MAX} characters, none of them a control character;
     *     the same id again answers the same run, as long as it is among the last of its pipeline
     * @param options for this run
     */
    public record Run(String runId, PipelineId pipeline, Map<String, String> options, ActorRef<RunReply> replyTo)
            implements Command {}

    public record GetRun(String runId, ActorRef<RunReply> replyTo) implements Command {}

    /**
     * The last runs, newest first.
     *
     * @param limit at most {@value #LISTED_MAX} are listed
     */
    public record ListRuns(Optional<String> system, Optional<PipelineId> pipeline, int limit, ActorRef<Runs> replyTo)
            implements Command {}

    /** Asks a run to stop, and answers how it is now: a run takes a while to stop, and some kinds let it end. */
    public record Cancel(String runId, String by, ActorRef<RunReply> replyTo) implements Command {}

    public sealed interface RunReply extends CborSerializable {}

    public record Current(PipelineRun run) implements RunReply {}

    /** Another run of the pipeline is in the middle; this one was not started. */
    public record Overlapping(PipelineRun run) implements RunReply {}

    /** The run id cannot be used. */
    public record Refused(Invalid reason) implements RunReply {}

    /** No such pipeline or run. */
    public record NotFound(Invalid reason) implements RunReply {}

    public record Runs(List<PipelineRun> runs) implements CborSerializable {}

    /** Time has passed, or a run has ended. */
    private record Look() implements Command {}

    private static final int ATTEMPTS_MAX = 3;
    private static final int RUN_ID_LENGTH_MAX = 200;
    private static final int LISTED_MAX = 1_000;
    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
    private static final BackoffSupervisorStrategy RESTART =
            SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Map<PipelineKind, PipelineRunner> runners;
    private final FollowedCadences cadences;
    private final boolean followCadences;
    private final Clock clock;
    private final RunsInHand inHand;

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
                .init(SingletonActor.of(
                                OwnersOnly.of(Command.class, create(runners, systems, followCadences, clock)),
                                "pipeline-scheduler")
                        .withSettings(ClusterSingletonSettings.create(system).withRole(NodeRoles.FEATURE)));
    }

    /** As {@link #init}, for one actor and no more. */
    public static Behavior<Command> create(
            Map<PipelineKind, PipelineRunner> runners,
            Collection<SystemDefinition> systems,
            boolean followCadences,
            Clock clock) {
        return Behaviors.setup(lasting -> {
            var inHand = new RunsInHand();
            return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(timers ->
                            new PipelineScheduler(context, timers, runners, systems, followCadences, clock, inHand))))
                    .onFailure(RESTART);
        });
    }

    private PipelineScheduler(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Map<PipelineKind, PipelineRunner> runners,
            Collection<SystemDefinition> systems,
            boolean followCadences,
            Clock clock,
            RunsInHand inHand) {
        super(PersistenceId.ofUniqueId("scheduler"), RESTART);
        this.context = context;
        this.timers = timers;
        this.runners = Map.copyOf(runners);
        this.cadences = new FollowedCadences(systems);
        this.followCadences = followCadences;
        this.clock = clock;
        this.inHand = inHand;
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
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }

    @Override
    public SignalHandler<Schedule> signalHandler() {
        // The timer begins here and not in create: a restart, as after a failed write, takes all timers away.
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), schedule -> {
                    context.getSelf().tell(new Look());
                    timers.startTimerWithFixedDelay("look", new Look(), LOOK_INTERVAL);
                })
                .build();
    }

    private Effect<ScheduleEvent, Schedule> onCommand(Schedule schedule, Command command) {
        return switch (command) {
            case Run run -> onRun(schedule, run);
            case GetRun(var runId, var replyTo) -> reply(replyTo, found(schedule, runId));
            case ListRuns list -> Effect().none().thenRun(() -> list.replyTo().tell(listed(schedule, list)));
            case Cancel cancel -> onCancel(schedule, cancel);
            case Look look -> onLook(schedule);
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
        return new Current(run.with(inHand.progress(run.request().runId())));
    }

    private Runs listed(Schedule schedule, ListRuns list) {
        return new Runs(schedule.pipelines().values().stream()
                .flatMap(pipeline -> pipeline.runs().stream())
                .filter(run -> list.system().isEmpty()
                        || list.system().get().equals(run.request().pipeline().system()))
                .filter(run -> list.pipeline().isEmpty()
                        || list.pipeline().get().equals(run.request().pipeline()))
                .sorted(Comparator.comparingLong(Schedule.Entry::startedMicros)
                        .thenComparing(run -> run.request().runId())
                        .reversed())
                .limit(Math.clamp(list.limit(), 0, LISTED_MAX))
                .map(run -> current(run).run())
                .toList());
    }

    private Effect<ScheduleEvent, Schedule> onRun(Schedule schedule, Run run) {
        if (!cadences.declares(run.pipeline())) {
            return reply(
                    run.replyTo(),
                    new NotFound(new Invalid(
                            "pipeline", run.pipeline().path(), "one of " + String.join(", ", cadences.paths()))));
        }
        if (!isId(run.runId())) {
            return reply(
                    run.replyTo(),
                    new Refused(new Invalid(
                            "run_id",
                            run.runId(),
                            "1 to " + RUN_ID_LENGTH_MAX + " characters, none of them a control character")));
        }
        Optional<Schedule.Entry> same = schedule.run(run.runId());
        if (same.isPresent()) {
            PipelineId other = same.get().request().pipeline();
            return reply(
                    run.replyTo(),
                    other.equals(run.pipeline())
                            ? current(same.get())
                            : new Refused(new Invalid(
                                    "run_id", run.runId(), "a new id; this is the one of a run of " + other.path())));
        }
        Optional<Schedule.Entry> open = schedule.pipeline(run.pipeline()).open();
        if (open.isPresent()) {
            return reply(run.replyTo(), new Overlapping(current(open.get()).run()));
        }
        var request = new RunRequest(
                run.runId(),
                run.pipeline(),
                1,
                now(),
                run.options(),
                schedule.pipeline(run.pipeline()).cursor());
        var started = new ScheduleEvent.RunStarted(request, PipelineRun.MANUAL, now());
        return Effect().persist(started).thenRun(after -> {
            act(started, after);
            run.replyTo().tell(found(after, run.runId()));
        });
    }

    private static boolean isId(String runId) {
        return !runId.isBlank()
                && runId.length() <= RUN_ID_LENGTH_MAX
                && runId.chars().noneMatch(Character::isISOControl);
    }

    private Effect<ScheduleEvent, Schedule> onCancel(Schedule schedule, Cancel cancel) {
        schedule.run(cancel.runId())
                .filter(run -> run.outcome().isEmpty() && inHand.contains(cancel.runId()))
                .ifPresent(run -> runner(run.request()).cancel(run.current(), cancel.by()));
        return reply(cancel.replyTo(), found(schedule, cancel.runId()));
    }

    /** What has changed since the last look is journaled, then acted on; most of the time it is nothing. */
    private Effect<ScheduleEvent, Schedule> onLook(Schedule schedule) {
        var events = new ArrayList<ScheduleEvent>();
        inHand.ended()
                .forEach(ended ->
                        events.add(new ScheduleEvent.RunEnded(ended.request().runId(), ended.outcome(), now())));
        schedule.open().stream()
                .filter(run -> !inHand.contains(run.request().runId()))
                .forEach(run -> events.add(again(run)));
        Schedule after = schedule;
        for (ScheduleEvent event : events) {
            after = after.apply(event);
        }
        if (followCadences) {
            events.addAll(cadences.due(after, clock.instant()));
        }
        return events.isEmpty()
                ? Effect().none()
                : Effect().persist(events).thenRun(state -> events.forEach(event -> act(event, state)));
    }

    /** A run that is open and in nobody's hands: its node died in the middle, or just before it began. */
    private ScheduleEvent again(Schedule.Entry run) {
        String runId = run.request().runId();
        if (!cadences.declares(run.request().pipeline())) {
            return ended(runId, "the pipeline is no longer declared");
        }
        return run.attempt() >= ATTEMPTS_MAX
                ? ended(runId, "its node went away in the middle of each of " + ATTEMPTS_MAX + " attempts")
                : new ScheduleEvent.AttemptStarted(runId, run.attempt() + 1, now());
    }

    private ScheduleEvent ended(String runId, String reason) {
        return new ScheduleEvent.RunEnded(runId, new RunOutcome.Failed(reason, List.of()), now());
    }

    private void act(ScheduleEvent event, Schedule after) {
        switch (event) {
            case ScheduleEvent.CadenceFollowed followed ->
                context.getLog()
                        .info("{} runs {} from now on", followed.pipeline().path(), followed.cadence());
            case ScheduleEvent.RunStarted(var request, var trigger, long atMicros) -> {
                context.getLog().debug("Run {} begins ({})", request.runId(), trigger);
                begin(request);
            }
            case ScheduleEvent.AttemptStarted(var runId, int attempt, long atMicros) -> {
                context.getLog().info("Run {} is made again, attempt {}", runId, attempt);
                after.run(runId).ifPresent(run -> begin(run.current()));
            }
            case ScheduleEvent.RunEnded(var runId, var outcome, long atMicros) -> {
                inHand.forget(runId);
                log(runId, outcome);
            }
        }
    }

    private void log(String runId, RunOutcome outcome) {
        switch (outcome) {
            case RunOutcome.Completed completed -> context.getLog().debug("Run {} is complete", runId);
            case RunOutcome.Cancelled(var by) -> context.getLog().info("Run {} was cancelled by {}", runId, by);
            case RunOutcome.Failed failed -> context.getLog().warn("Run {} failed: {}", runId, failed.reason());
        }
    }

    private void begin(RunRequest request) {
        ActorRef<Command> self = context.getSelf();
        inHand.begin(runner(request), request, () -> self.tell(new Look()));
    }

    private PipelineRunner runner(RunRequest request) {
        PipelineKind kind = request.pipeline().kind();
        return runners.getOrDefault(
                kind,
                (unable, progress) -> CompletableFuture.completedFuture(
                        new RunOutcome.Failed("this node runs no " + kind.label() + " pipelines", List.of())));
    }

    private long now() {
        return Micros.of(clock.instant());
    }
}
