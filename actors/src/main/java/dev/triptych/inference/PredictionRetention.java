package dev.triptych.inference;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import dev.triptych.kernel.Micros;
import dev.triptych.store.NodeRoles;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Takes predictions that are older than the retention out of the archive, a piece at a time with a pause after each,
 * so that nobody waits for it. The journal keeps them. There is one in the cluster.
 */
public final class PredictionRetention {

    static final int ROWS_PER_PIECE = 2_000;

    /** From one piece to the next where more is old: at most a third of the time goes into removing. */
    static final Duration PAUSE = Duration.ofMillis(100);

    /** From finding nothing old to looking again. */
    static final Duration REST = Duration.ofMinutes(1);

    /** The archive's rows, for removal. Answers on any thread. */
    public interface KeptPredictions {

        /**
         * Removes some of the predictions made before an instant, UTC microseconds, and remembers durably that the
         * archive is complete only since then.
         *
         * @return how many were removed, at most {@code rowsMax}; fewer if no more are old
         */
        CompletionStage<Integer> removeBefore(long micros, int rowsMax);
    }

    sealed interface Command {}

    private record Look() implements Command {}

    private record Removed(int rows) implements Command {}

    private record Failed(Throwable cause) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Duration retention;
    private final KeptPredictions kept;
    private final Clock clock;
    private long removed;

    /** Runs one in the cluster. */
    public static void init(ActorSystem<?> system, Duration retention, KeptPredictions kept, Clock clock) {
        ClusterSingleton.get(system)
                .init(SingletonActor.of(create(retention, kept, clock), "prediction-retention")
                        .withSettings(ClusterSingletonSettings.create(system).withRole(NodeRoles.FEATURE)));
    }

    static Behavior<Command> create(Duration retention, KeptPredictions kept, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new PredictionRetention(context, timers, retention, kept, clock).running()));
    }

    private PredictionRetention(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Duration retention,
            KeptPredictions kept,
            Clock clock) {
        this.context = context;
        this.timers = timers;
        this.retention = retention;
        this.kept = kept;
        this.clock = clock;
    }

    private Behavior<Command> running() {
        look();
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Look due -> look();
                case Removed(int rows) -> onRemoved(rows);
                case Failed(var cause) -> {
                    context.getLog().warn("Old predictions cannot be removed now, which will be tried again", cause);
                    lookAfter(REST);
                }
            }
            return Behaviors.same();
        });
    }

    private void look() {
        context.pipeToSelf(
                kept.removeBefore(Micros.of(clock.instant().minus(retention)), ROWS_PER_PIECE),
                (rows, failure) -> failure == null ? new Removed(rows) : new Failed(failure));
    }

    private void onRemoved(int rows) {
        removed += rows;
        if (rows == ROWS_PER_PIECE) {
            lookAfter(PAUSE);
            return;
        }
        if (removed > 0) {
            context.getLog().info("{} predictions older than {} were removed from the archive", removed, retention);
            removed = 0;
        }
        lookAfter(REST);
    }

    private void lookAfter(Duration pause) {
        timers.startSingleTimer(new Look(), pause);
    }
}
