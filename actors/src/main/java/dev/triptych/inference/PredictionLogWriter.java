package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.RetentionCriteria;
import dev.triptych.inference.domain.PredictionEvent;
import dev.triptych.inference.domain.PredictionLogState;
import dev.triptych.inference.domain.PredictionRecord;
import java.time.Duration;
import java.util.List;

/** The event-sourced part of a {@link PredictionLog}: each command is one commit. */
final class PredictionLogWriter
        extends EventSourcedBehaviorWithEnforcedReplies<
                PredictionLogWriter.Commit, PredictionEvent, PredictionLogState> {

    /** @param number comes back in the answer */
    record Commit(long number, List<PredictionRecord> predictions, ActorRef<Committed> replyTo) {}

    record Committed(long number) {}

    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final double BACKOFF_JITTER = 0.2;

    private PredictionLogWriter(String node) {
        super(
                PersistenceId.ofUniqueId("prediction-log|" + node),
                SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, BACKOFF_JITTER));
    }

    static Behavior<Commit> create(String node) {
        // A journal that rejects an event, or a bug, must not silence the log for good either.
        return Behaviors.supervise(Behaviors.<Commit>setup(context -> new PredictionLogWriter(node)))
                .onFailure(SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, BACKOFF_JITTER));
    }

    @Override
    public PredictionLogState emptyState() {
        return PredictionLogState.EMPTY;
    }

    @Override
    public CommandHandlerWithReply<Commit, PredictionEvent, PredictionLogState> commandHandler() {
        return (state, commit) -> Effect()
                .persist(state.log(commit.predictions()))
                .thenReply(commit.replyTo(), logged -> new Committed(commit.number()));
    }

    @Override
    public EventHandler<PredictionLogState, PredictionEvent> eventHandler() {
        return PredictionLogState::apply;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }
}
