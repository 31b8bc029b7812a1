package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.RetentionCriteria;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.inference.domain.DeploymentChange;
import dev.triptych.inference.domain.DeploymentEvent;
import dev.triptych.inference.domain.DeploymentState;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.OwnersOnly;
import dev.triptych.store.PatientAsk;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What was changed of one deployment at run time, by whom and why: sharded by {@code system/deployment}, event-sourced.
 * An {@link InferenceActor} on every node follows it.
 */
public final class DeploymentEntity
        extends EventSourcedBehaviorWithEnforcedReplies<DeploymentEntity.Command, DeploymentEvent, DeploymentState> {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "deployment");

    public sealed interface Command extends CborSerializable {}

    /** @param defined how the deployment answers where nothing was changed */
    public record Change(
            DeploymentChange change, ServingRules defined, String by, String reason, ActorRef<ChangeReply> replyTo)
            implements Command {}

    public record Get(ActorRef<DeploymentState> replyTo) implements Command {}

    public sealed interface ChangeReply extends CborSerializable {}

    public record Changed(DeploymentState state) implements ChangeReply {}

    public record Refused(Invalid reason) implements ChangeReply {}

    private static final int EVENTS_PER_SNAPSHOT = 50;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration RESTART_BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_BACKOFF_MAX = Duration.ofSeconds(10);
    private static final double RESTART_BACKOFF_JITTER = 0.2;

    private final Clock clock;

    private DeploymentEntity(String deployment, Clock clock) {
        super(
                PersistenceId.of(TYPE_KEY.name(), deployment),
                SupervisorStrategy.restartWithBackoff(
                        RESTART_BACKOFF_MIN, RESTART_BACKOFF_MAX, RESTART_BACKOFF_JITTER));
        this.clock = clock;
    }

    /** Registers the entity with sharding on this node. */
    public static ActorRef<ShardingEnvelope<Command>> init(ActorSystem<?> system, Clock clock) {
        return ClusterSharding.get(system)
                .init(Entity.of(TYPE_KEY, context -> OwnersOnly.of(Command.class, create(context.getEntityId(), clock)))
                        .withRole(NodeRoles.INFERENCE));
    }

    /** @param deployment {@code system/deployment}, wherever it is */
    static CompletionStage<DeploymentState> state(ActorSystem<?> system, String deployment, Duration atMost) {
        return PatientAsk.ask(
                system,
                NodeRoles.INFERENCE,
                ClusterSharding.get(system).entityRefFor(TYPE_KEY, deployment),
                (ActorRef<DeploymentState> replyTo) -> new Get(replyTo),
                atMost);
    }

    /** @param deployment {@code system/deployment} */
    public static Behavior<Command> create(String deployment, Clock clock) {
        return Behaviors.setup(context -> new DeploymentEntity(deployment, clock));
    }

    @Override
    public DeploymentState emptyState() {
        return DeploymentState.UNCHANGED;
    }

    @Override
    public CommandHandlerWithReply<Command, DeploymentEvent, DeploymentState> commandHandler() {
        return (state, command) -> switch (command) {
            case Change change ->
                switch (state.change(
                        change.change(), change.defined(), change.by(), change.reason(), Micros.of(clock.instant()))) {
                    case Decision.Accepted(var events) ->
                        Effect().persist(events).thenReply(change.replyTo(), Changed::new);
                    case Decision.Refused(var reason) -> Effect().reply(change.replyTo(), new Refused(reason));
                };
            case Get get -> Effect().reply(get.replyTo(), state);
        };
    }

    @Override
    public EventHandler<DeploymentState, DeploymentEvent> eventHandler() {
        return DeploymentState::apply;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }
}
