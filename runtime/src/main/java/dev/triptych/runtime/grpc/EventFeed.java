package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.triptych.inference.Deployments;
import dev.triptych.inference.domain.DeploymentState;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.store.JournalMoves;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.v1.AlertsMoved;
import dev.triptych.v1.DeploymentMoved;
import dev.triptych.v1.ModelMoved;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PredictionsRecorded;
import dev.triptych.v1.RowsRecorded;
import dev.triptych.v1.SystemEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tells this node's readers what moves anywhere in the cluster: what the journal's projection passes, and how runs get
 * on, for which it asks the scheduler as long as anybody reads. Whatever many readers there are, it asks once.
 */
final class EventFeed {

    private static final Duration RUNS_INTERVAL = Duration.ofMillis(500);
    private static final Duration ASK_MAX = Duration.ofSeconds(5);
    private static final int RUNS_LISTED = 100;

    sealed interface Message {}

    /** From now on, until it is gone. */
    record Read(EventReader reader) implements Message {}

    private record Moved(List<JournalMoves.Move> moves) implements Message {}

    private record Runs(List<PipelineRun> runs) implements Message {}

    private record Tell(SystemEvent event) implements Message {}

    private record Nothing() implements Message {}

    private record Look() implements Message {}

    private final ActorContext<Message> context;
    private final TimerScheduler<Message> timers;
    private final ActorRef<PipelineScheduler.Command> scheduler;
    private final Deployments deployments;
    private final Clock clock;
    private final Set<EventReader> readers = new HashSet<>();
    private Optional<Map<String, PipelineRun>> known = Optional.empty();

    static Behavior<Message> create(
            ActorRef<PipelineScheduler.Command> scheduler, Deployments deployments, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new EventFeed(context, timers, scheduler, deployments, clock).running()));
    }

    private EventFeed(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            ActorRef<PipelineScheduler.Command> scheduler,
            Deployments deployments,
            Clock clock) {
        this.context = context;
        this.timers = timers;
        this.scheduler = scheduler;
        this.deployments = deployments;
        this.clock = clock;
    }

    private Behavior<Message> running() {
        JournalMoves.get(context.getSystem())
                .subscribe(context.messageAdapter(JournalMoves.Moved.class, moved -> new Moved(moved.moves())));
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Read(var reader) -> begin(reader);
                case Moved(var moves) -> {
                    if (!readers.isEmpty()) {
                        moves.forEach(this::onMove);
                    }
                }
                case Runs(var runs) -> onRuns(runs);
                case Tell(var event) -> tell(event);
                case Nothing nothing -> {
                    // An answer that did not come; the next question may be luckier.
                }
                case Look look -> look();
            }
            return Behaviors.same();
        });
    }

    private void begin(EventReader reader) {
        if (readers.isEmpty()) {
            known = Optional.empty();
            timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, RUNS_INTERVAL);
        }
        readers.add(reader);
        reader.tell(
                event("").setBegun(dev.triptych.v1.Begun.getDefaultInstance()).build());
    }

    private void look() {
        readers.removeIf(EventReader::isGone);
        if (readers.isEmpty()) {
            timers.cancelAll();
            return;
        }
        context.ask(
                PipelineScheduler.Runs.class,
                scheduler,
                ASK_MAX,
                (ActorRef<PipelineScheduler.Runs> replyTo) ->
                        new PipelineScheduler.ListRuns(Optional.empty(), Optional.empty(), RUNS_LISTED, replyTo),
                (runs, failure) -> failure == null
                        ? new Runs(
                                runs.runs().stream().map(PipelineEndpoint::wire).toList())
                        : new Nothing());
    }

    /** Those that are there at first are no news. */
    private void onRuns(List<PipelineRun> runs) {
        var now = new HashMap<String, PipelineRun>();
        runs.forEach(run -> now.put(run.getRunId(), run));
        known.ifPresent(before -> runs.reversed().stream()
                .filter(run -> !run.equals(before.get(run.getRunId())))
                .forEach(run -> tell(event(run.getSystem()).setRun(run).build())));
        known = Optional.of(now);
    }

    private void onMove(JournalMoves.Move move) {
        String[] path = move.path().split("/");
        String system = path[0];
        String name = path[path.length - 1];
        switch (move.kind()) {
            case ROWS ->
                tell(event(system)
                        .setRows(RowsRecorded.newBuilder().setView(name).setCount(move.count()))
                        .build());
            case PREDICTIONS ->
                tell(event(system)
                        .setPredictions(PredictionsRecorded.newBuilder()
                                .setDeployment(name)
                                .setCount(move.count()))
                        .build());
            case ALERTS ->
                tell(event("")
                        .setAlerts(AlertsMoved.newBuilder().setCount(move.count()))
                        .build());
            case MODEL ->
                context.pipeToSelf(
                        ModelRegistry.model(context.getSystem(), move.path(), ASK_MAX),
                        (model, failure) -> told(system, failure, event -> event.setModel(moved(name, model))));
            case DEPLOYMENT ->
                context.pipeToSelf(
                        deployments.state(system, name, ASK_MAX),
                        (state, failure) -> told(system, failure, event -> event.setDeployment(moved(name, state))));
        }
    }

    private Message told(String system, Throwable failure, UnaryOperator<SystemEvent.Builder> kind) {
        return failure == null ? new Tell(kind.apply(event(system)).build()) : new Nothing();
    }

    private static ModelMoved moved(String name, RegisteredModel model) {
        var moved = ModelMoved.newBuilder()
                .setModel(name)
                .setNewest(model.versions().size())
                .putAllAliases(model.aliases());
        if (!model.moves().isEmpty()) {
            moved.setLastMove(RegistryEndpoint.wire(model.moves().getLast()));
        }
        return moved.build();
    }

    private static DeploymentMoved moved(String name, DeploymentState state) {
        var moved = DeploymentMoved.newBuilder().setDeployment(name);
        if (!state.changes().isEmpty()) {
            moved.setChange(DeploymentMessages.wire(state.changes().getLast()));
        }
        return moved.build();
    }

    private void tell(SystemEvent event) {
        readers.forEach(reader -> reader.tell(event));
    }

    private SystemEvent.Builder event(String system) {
        return SystemEvent.newBuilder()
                .setAt(Translation.timestamp(Micros.of(clock.instant())))
                .setSystem(system);
    }
}
