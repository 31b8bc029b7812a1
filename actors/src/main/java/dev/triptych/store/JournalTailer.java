package dev.triptych.store;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.sharding.typed.ShardedDaemonProcessSettings;
import akka.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.store.JournalProjection.Step;
import dev.triptych.store.features.Horizon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Keeps the projection of the journal going, one step after the other on threads of its own: at once where someone
 * waits or much is waiting, in few larger batches where nobody does. There is one in the cluster, and the cluster keeps
 * it alive.
 */
public final class JournalTailer {

    public static final ServiceKey<Command> SERVICE_KEY = ServiceKey.create(Command.class, "journal-tailer");

    /** From nothing new to looking again. */
    private static final Duration IDLE_PAUSE = Duration.ofMillis(100);

    /** From a small batch that nobody waited for to the next: it bounds the number of files that trickling rows make. */
    private static final Duration GATHERING_PAUSE = Duration.ofSeconds(1);

    /** From a step that could not satisfy a waiter, because a transaction was still open, to the next. */
    private static final Duration WAITING_PAUSE = Duration.ofMillis(5);

    private static final Duration BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final int DOUBLINGS_MAX = 5;

    /** Askers beyond this hear nothing and run into their own timeout. */
    private static final int WAITERS_MAX = 10_000;

    public sealed interface Command {}

    /** Answers once every event committed before this message was sent is projected. The asker bounds the wait. */
    public record AwaitAll(ActorRef<CaughtUp> replyTo) implements Command, CborSerializable {}

    private record Advance() implements Command {}

    private record Advanced(Step step) implements Command {}

    private record Failed(Throwable cause) implements Command {}

    /** @param horizon up to which everything is projected */
    public record CaughtUp(Horizon horizon) implements CborSerializable {}

    /** @param barrier transactions with a smaller id must be projected */
    private record Waiter(ActorRef<CaughtUp> replyTo, long barrier) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final JournalProjection projection;
    private final Executor executor;
    private final JournalMoves moves;

    /** Asked since the step that is under way began: its snapshot may be older than their question. */
    private List<ActorRef<CaughtUp>> arrived = new ArrayList<>();

    /** Asked before the step that is under way began: its snapshot tells what to wait for. */
    private List<ActorRef<CaughtUp>> boarded = new ArrayList<>();

    private List<Waiter> waiters = new ArrayList<>();
    private boolean stepping;
    private int failures;

    /** Runs one in the cluster. Called on every node; each hands in how to open the projection there. */
    public static void init(ActorSystem<?> system, Supplier<JournalProjection> projection, Executor executor) {
        ShardedDaemonProcess.get(system)
                .init(
                        Command.class,
                        "journal-tailer",
                        1,
                        slice -> create(projection.get(), executor),
                        ShardedDaemonProcessSettings.create(system).withRole(NodeRoles.FEATURE),
                        Optional.empty());
    }

    /**
     * @param projection closed when the actor stops
     * @param executor runs the projection, which blocks
     */
    public static Behavior<Command> create(JournalProjection projection, Executor executor) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new JournalTailer(context, timers, projection, executor).running()));
    }

    private JournalTailer(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JournalProjection projection,
            Executor executor) {
        this.context = context;
        this.timers = timers;
        this.projection = projection;
        this.executor = executor;
        this.moves = JournalMoves.get(context.getSystem());
    }

    private Behavior<Command> running() {
        context.getSystem().receptionist().tell(Receptionist.register(SERVICE_KEY, context.getSelf()));
        step();
        return Behaviors.receive(Command.class)
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, stopped -> onStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case AwaitAll await -> onAwaitAll(await);
            case Advance due -> step();
            case Advanced(var step) -> onAdvanced(step);
            case Failed(var cause) -> onFailed(cause);
        }
        return Behaviors.same();
    }

    private void onAwaitAll(AwaitAll await) {
        if (arrived.size() + boarded.size() + waiters.size() >= WAITERS_MAX) {
            return;
        }
        arrived.add(await.replyTo());
        // After a failure the pause is there for the database's sake, and nobody can shorten it.
        if (failures == 0) {
            step();
        }
    }

    private void step() {
        if (stepping) {
            return;
        }
        stepping = true;
        timers.cancel(Advance.class);
        boarded = arrived;
        arrived = new ArrayList<>();
        context.pipeToSelf(
                CompletableFuture.supplyAsync(projection::advance, executor),
                (step, failure) -> failure == null ? new Advanced(step) : new Failed(failure));
    }

    private void onAdvanced(Step step) {
        stepping = false;
        moves.publish(step.moves());
        if (failures > 0) {
            context.getLog().info("The journal is projected again, after {} failed attempts", failures);
            failures = 0;
        }
        boarded.forEach(replyTo -> waiters.add(new Waiter(replyTo, step.begunBelow())));
        boarded = new ArrayList<>();

        var stillWaiting = new ArrayList<Waiter>();
        for (Waiter waiter : waiters) {
            if (waiter.barrier() <= step.settledBelow()) {
                waiter.replyTo().tell(new CaughtUp(step.horizon()));
            } else {
                stillWaiting.add(waiter);
            }
        }
        waiters = stillWaiting;

        if (step.more() || !arrived.isEmpty()) {
            step();
        } else if (!waiters.isEmpty()) {
            next(WAITING_PAUSE);
        } else if (step.events() > 0) {
            next(GATHERING_PAUSE);
        } else {
            next(IDLE_PAUSE);
        }
    }

    private void onFailed(Throwable failure) {
        stepping = false;
        failures++;
        arrived.addAll(boarded);
        boarded = new ArrayList<>();
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (failures == 1) {
            context.getLog()
                    .warn("The journal cannot be projected now and will be tried again: {}", cause.getMessage());
        } else {
            context.getLog().debug("The journal cannot be projected, attempt {}", failures, cause);
        }
        var pause = BACKOFF_MIN.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        next(pause.compareTo(BACKOFF_MAX) < 0 ? pause : BACKOFF_MAX);
    }

    private void next(Duration pause) {
        timers.startSingleTimer(Advance.class, new Advance(), pause);
    }

    private Behavior<Command> onStop() {
        executor.execute(projection::close);
        return Behaviors.same();
    }
}
