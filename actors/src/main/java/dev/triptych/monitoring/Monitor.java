package dev.triptych.monitoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
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
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.MonitoringDefinition.OnDrift;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Micros;
import dev.triptych.monitoring.domain.Alert;
import dev.triptych.monitoring.domain.AlertEvent;
import dev.triptych.monitoring.domain.AlertKind;
import dev.triptych.monitoring.domain.Alerts;
import dev.triptych.monitoring.domain.Alerts.Look;
import dev.triptych.monitoring.domain.Subject;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.store.NodeRoles;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at every system from time to time, and keeps its alerts: raises and clears them, tells their webhook, and trains
 * where the definition says so. A cluster singleton, event-sourced.
 *
 * <ul>
 *   <li>The longer one look takes, the later is the next, so that looking takes a twentieth of the time; but never more
 *       than {@value #INTERVALS_MAX} intervals later.
 *   <li>A webhook is told of each beginning and each end, again after a crash in the middle, until it has taken it or has
 *       failed {@value Notifications#ATTEMPTS_MAX} times.
 *   <li>A training run is asked for until the scheduler has it, under an id that makes it one run.
 * </ul>
 */
public final class Monitor extends EventSourcedBehavior<Monitor.Command, AlertEvent, Alerts> {

    public sealed interface Command extends CborSerializable {}

    /** Alerts, newest first. */
    public record ListAlerts(Optional<String> system, boolean openOnly, ActorRef<Listed> replyTo) implements Command {}

    public record Listed(List<Alert> alerts) implements CborSerializable {
        public Listed {
            alerts = List.copyOf(alerts);
        }
    }

    private record Due() implements Command {}

    private record Seen(List<Look> looks, long tookMillis) implements Command {}

    private record Told(String id, boolean ofItsEnd, Notifications.Told what) implements Command {}

    private record TrainingAsked(
            String id, String runId, PipelineScheduler.@org.jspecify.annotations.Nullable RunReply reply)
            implements Command {}

    /**
     * @param interval from one look to the next, at least; the first is that long after the start
     * @param firstPause before a webhook that did not answer is told again
     */
    public record Pace(Duration interval, Duration firstPause) {}

    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final int PART_OF_THE_TIME = 20;
    private static final int INTERVALS_MAX = 10;
    private static final Duration SCHEDULER_TIMEOUT = Duration.ofSeconds(5);

    /** A webhook that is new is not told what is long past. */
    private static final Duration TOLD_WITHIN = Duration.ofDays(1);

    private static final BackoffSupervisorStrategy RESTART =
            SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Map<String, SystemDefinition> systems;
    private final Watch watch;
    private final Notifications notifications;
    private final RecipientRef<PipelineScheduler.Command> scheduler;
    private final Pace pace;
    private final Clock clock;

    /** Alerts that somebody is being told of now, with the phase. */
    private final Set<String> telling = new HashSet<>();

    /** Starts the singleton, or finds it on another node. */
    public static ActorRef<Command> init(
            ActorSystem<?> system,
            Map<String, SystemDefinition> systems,
            Watch watch,
            AlertWebhook webhook,
            ActorRef<PipelineScheduler.Command> scheduler,
            Pace pace,
            Clock clock) {
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(create(systems, watch, webhook, scheduler, pace, clock), "monitor")
                        .withSettings(ClusterSingletonSettings.create(system).withRole(NodeRoles.FEATURE)));
    }

    /** As {@link #init}, for one actor and no more. */
    static Behavior<Command> create(
            Map<String, SystemDefinition> systems,
            Watch watch,
            AlertWebhook webhook,
            RecipientRef<PipelineScheduler.Command> scheduler,
            Pace pace,
            Clock clock) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(
                        timers -> new Monitor(context, timers, systems, watch, webhook, scheduler, pace, clock))))
                .onFailure(RESTART);
    }

    private Monitor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Map<String, SystemDefinition> systems,
            Watch watch,
            AlertWebhook webhook,
            RecipientRef<PipelineScheduler.Command> scheduler,
            Pace pace,
            Clock clock) {
        super(PersistenceId.ofUniqueId("monitor"), RESTART);
        this.context = context;
        this.timers = timers;
        this.systems = Map.copyOf(systems);
        this.watch = watch;
        this.notifications = new Notifications(context.getSystem(), webhook, pace.firstPause());
        this.scheduler = scheduler;
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public Alerts emptyState() {
        return Alerts.EMPTY;
    }

    @Override
    public CommandHandler<Command, AlertEvent, Alerts> commandHandler() {
        return this::onCommand;
    }

    @Override
    public EventHandler<Alerts, AlertEvent> eventHandler() {
        return Alerts::apply;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }

    @Override
    public SignalHandler<Alerts> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), alerts -> lookAfter(pace.interval()))
                .build();
    }

    private Effect<AlertEvent, Alerts> onCommand(Alerts alerts, Command command) {
        return switch (command) {
            case ListAlerts list -> {
                list.replyTo().tell(listed(alerts, list));
                yield Effect().none();
            }
            case Due due -> {
                look();
                yield Effect().none();
            }
            case Seen(var looks, long tookMillis) -> {
                long interval = pace.interval().toMillis();
                lookAfter(Duration.ofMillis(
                        Math.clamp(tookMillis * PART_OF_THE_TIME, interval, interval * INTERVALS_MAX)));
                yield onSeen(alerts, looks);
            }
            case Told(var id, boolean ofItsEnd, var what) -> onTold(id, ofItsEnd, what);
            case TrainingAsked(var id, var runId, var reply) -> onTrainingAsked(id, runId, reply);
        };
    }

    private static Listed listed(Alerts alerts, ListAlerts list) {
        return new Listed(alerts.all().reversed().stream()
                .filter(alert -> !list.openOnly() || alert.open())
                .filter(alert -> list.system().isEmpty()
                        || list.system().get().equals(alert.subject().system()))
                .toList());
    }

    private void lookAfter(Duration pause) {
        timers.startSingleTimer("look", new Due(), pause);
    }

    private void look() {
        long begun = clock.millis();
        var looking = systems.values().stream().map(watch::look).toList();
        context.pipeToSelf(Answers.all(looking), (looks, failure) -> {
            if (failure != null) {
                return new Seen(List.of(), clock.millis() - begun);
            }
            return new Seen(looks.stream().flatMap(List::stream).toList(), clock.millis() - begun);
        });
    }

    private Effect<AlertEvent, Alerts> onSeen(Alerts alerts, List<Look> looks) {
        LatestReadings.get(context.getSystem()).show(looks);
        long now = Micros.of(clock.instant());
        var events = new ArrayList<AlertEvent>();
        Alerts after = alerts;
        for (Look look : looks) {
            for (AlertEvent event : after.decide(look, now)) {
                events.add(event);
                after = after.apply(event);
            }
        }
        after.open()
                .filter(alert -> !declared(alert.subject()))
                .forEach(alert -> events.add(new AlertEvent.AlertCleared(alert.id(), Optional.empty(), now)));
        return Effect().persist(events).thenRun(state -> {
            events.forEach(this::log);
            tell(state);
            train(state);
        });
    }

    /** Whether the definitions still say that it is watched. */
    private boolean declared(Subject subject) {
        return Optional.ofNullable(systems.get(subject.system()))
                .filter(system -> switch (subject.kind()) {
                    case DRIFT -> system.deployment(subject.source()).isPresent();
                    case QUALITY ->
                        system.deployment(subject.source()).isPresent()
                                && !system.monitoring().quality().isEmpty();
                    case FRESHNESS ->
                        system.view(subject.source())
                                .filter(view -> view.ttl().isPresent()
                                        || system.monitoring().freshness().containsKey(view.name()))
                                .isPresent();
                })
                .isPresent();
    }

    private void log(AlertEvent event) {
        if (event instanceof AlertEvent.AlertRaised(var id, var reading, long atMicros)) {
            context.getLog()
                    .warn(
                            "Alert {}: {} (threshold {}, over {} rows)",
                            id,
                            reading.value(),
                            reading.threshold(),
                            reading.rows());
        } else if (event instanceof AlertEvent.AlertCleared(var id, var value, long atMicros)) {
            context.getLog().info("Alert {} is over", id);
        }
    }

    private void tell(Alerts alerts) {
        alerts.untold(Micros.of(clock.instant().minus(TOLD_WITHIN))).forEach(alert -> {
            boolean ofItsEnd = alert.notifiedRaised().isPresent();
            Optional<String> url = Optional.ofNullable(
                            systems.get(alert.subject().system()))
                    .flatMap(system -> system.monitoring().webhook());
            if (url.isPresent() && telling.add(alert.id() + ofItsEnd)) {
                context.pipeToSelf(
                        notifications.tell(url.get(), alert, ofItsEnd),
                        (told, failure) -> new Told(
                                alert.id(),
                                ofItsEnd,
                                failure == null
                                        ? told
                                        : new Notifications.Told(1, Optional.of(String.valueOf(failure)))));
            }
        });
    }

    private Effect<AlertEvent, Alerts> onTold(String id, boolean ofItsEnd, Notifications.Told what) {
        what.failure()
                .ifPresent(reason -> context.getLog()
                        .error("The webhook was not told of alert {} in {} attempts: {}", id, what.attempts(), reason));
        return Effect()
                .persist(new AlertEvent.AlertNotified(
                        id, ofItsEnd, what.attempts(), what.failure(), Micros.of(clock.instant())))
                .thenRun(state -> {
                    telling.remove(id + ofItsEnd);
                    tell(state);
                });
    }

    private void train(Alerts alerts) {
        long now = Micros.of(clock.instant());
        for (SystemDefinition system : systems.values()) {
            if (system.monitoring().onDrift() == OnDrift.TRAIN) {
                for (DeploymentDefinition deployment : system.deployments()) {
                    alerts.untrained(
                                    system.name(),
                                    deployment.name(),
                                    Micros.of(system.monitoring().window()),
                                    now)
                            .ifPresent(alert -> train(system, deployment, alert));
                }
            }
        }
    }

    private void train(SystemDefinition system, DeploymentDefinition deployment, Alert alert) {
        system.trainingPipelineOf(deployment.model()).ifPresent(pipeline -> {
            String runId = String.join(
                    ".",
                    system.name(),
                    AlertKind.DRIFT.name().toLowerCase(java.util.Locale.ROOT),
                    deployment.name(),
                    Micros.toInstant(alert.raisedMicros()).toString());
            context.ask(
                    PipelineScheduler.RunReply.class,
                    scheduler,
                    SCHEDULER_TIMEOUT,
                    replyTo -> new PipelineScheduler.Run(
                            runId,
                            new PipelineId(system.name(), PipelineKind.TRAINING, pipeline.name()),
                            Map.of(),
                            replyTo),
                    (reply, failure) -> new TrainingAsked(alert.id(), runId, reply));
        });
    }

    private Effect<AlertEvent, Alerts> onTrainingAsked(
            String id, String runId, PipelineScheduler.@org.jspecify.annotations.Nullable RunReply reply) {
        return switch (reply) {
            case PipelineScheduler.Current current -> {
                context.getLog().info("Run {} trains because of alert {}", runId, id);
                yield Effect().persist(new AlertEvent.TrainingStarted(id, runId, Micros.of(clock.instant())));
            }
            // The next look asks again.
            case PipelineScheduler.Overlapping overlapping -> Effect().none();
            case null -> Effect().none();
            case PipelineScheduler.Refused(var reason) -> notTrained(id, reason.message());
            case PipelineScheduler.NotFound(var reason) -> notTrained(id, reason.message());
        };
    }

    private Effect<AlertEvent, Alerts> notTrained(String id, String reason) {
        context.getLog().error("No run could be started because of alert {}: {}", id, reason);
        return Effect().none();
    }
}
