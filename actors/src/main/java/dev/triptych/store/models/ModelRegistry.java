package dev.triptych.store.models;

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
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.OwnersOnly;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.models.ModelChanges.ModelChanged;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.RegistryEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The versions and aliases of one model: sharded by {@code system/model}, event-sourced. */
public final class ModelRegistry
        extends EventSourcedBehaviorWithEnforcedReplies<ModelRegistry.Command, RegistryEvent, RegisteredModel> {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "model");

    public sealed interface Command extends CborSerializable {}

    /**
     * Registers a version under the next number. The run id in its provenance names it: the same run again gets the
     * same number and changes nothing.
     *
     * @param version its number is ignored
     */
    public record Register(ModelVersion version, ActorRef<RegisterReply> replyTo) implements Command {}

    public record MoveAlias(String alias, int version, String by, String reason, ActorRef<MoveReply> replyTo)
            implements Command {}

    /** Moves an alias back to where it pointed before its last move. */
    public record RollBack(String alias, String by, String reason, ActorRef<MoveReply> replyTo) implements Command {}

    public record Get(ActorRef<RegisteredModel> replyTo) implements Command {}

    public sealed interface RegisterReply extends CborSerializable {}

    public record Registered(int number) implements RegisterReply {}

    public sealed interface MoveReply extends CborSerializable {}

    /** @param previous 0 if the alias pointed nowhere; the version itself if it was there already */
    public record Moved(String alias, int version, int previous) implements MoveReply {}

    public record Refused(Invalid reason) implements RegisterReply, MoveReply {}

    private static final int EVENTS_PER_SNAPSHOT = 50;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration RESTART_BACKOFF_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_BACKOFF_MAX = Duration.ofSeconds(10);
    private static final double RESTART_BACKOFF_JITTER = 0.2;

    private final String model;
    private final Clock clock;
    private final Consumer<ModelChanged> listeners;

    private ModelRegistry(String model, Clock clock, Consumer<ModelChanged> listeners) {
        super(
                PersistenceId.of(TYPE_KEY.name(), model),
                SupervisorStrategy.restartWithBackoff(
                        RESTART_BACKOFF_MIN, RESTART_BACKOFF_MAX, RESTART_BACKOFF_JITTER));
        this.model = model;
        this.clock = clock;
        this.listeners = listeners;
    }

    /** Registers the entity with sharding on this node; changes are told through {@link ModelChanges}. */
    public static ActorRef<ShardingEnvelope<Command>> init(ActorSystem<?> system, Clock clock) {
        ModelChanges changes = ModelChanges.get(system);
        return ClusterSharding.get(system)
                .init(Entity.of(
                                TYPE_KEY,
                                context -> OwnersOnly.of(
                                        Command.class, create(context.getEntityId(), clock, changes::publish)))
                        .withRole(NodeRoles.TRAINING));
    }

    /**
     * A model as the registry knows it now.
     *
     * @param model {@code system/model}, wherever it is
     */
    public static CompletionStage<RegisteredModel> model(ActorSystem<?> system, String model, Duration atMost) {
        return PatientAsk.ask(
                system,
                NodeRoles.TRAINING,
                ClusterSharding.get(system).entityRefFor(TYPE_KEY, model),
                (ActorRef<RegisteredModel> replyTo) -> new Get(replyTo),
                atMost);
    }

    /**
     * @param model {@code system/model}
     * @param listeners told after every change, and once after recovery, where a crash may have swallowed a telling
     */
    public static Behavior<Command> create(String model, Clock clock, Consumer<ModelChanged> listeners) {
        return Behaviors.setup(context -> new ModelRegistry(model, clock, listeners));
    }

    @Override
    public RegisteredModel emptyState() {
        return RegisteredModel.empty(model);
    }

    @Override
    public CommandHandlerWithReply<Command, RegistryEvent, RegisteredModel> commandHandler() {
        return this::onCommand;
    }

    @Override
    public EventHandler<RegisteredModel, RegistryEvent> eventHandler() {
        return RegisteredModel::apply;
    }

    @Override
    public SignalHandler<RegisteredModel> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::tellListeners)
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }

    private ReplyEffect<RegistryEvent, RegisteredModel> onCommand(RegisteredModel state, Command command) {
        return switch (command) {
            case Register register -> onRegister(state, register);
            case MoveAlias move ->
                onMove(
                        move.alias(),
                        state,
                        state.moveAlias(move.alias(), move.version(), move.by(), move.reason(), now()),
                        move.replyTo());
            case RollBack back ->
                onMove(
                        back.alias(),
                        state,
                        state.rollBack(back.alias(), back.by(), back.reason(), now()),
                        back.replyTo());
            case Get get -> Effect().reply(get.replyTo(), state);
        };
    }

    private ReplyEffect<RegistryEvent, RegisteredModel> onRegister(RegisteredModel state, Register register) {
        String runId = register.version().provenance().runId();
        return switch (state.register(register.version(), now())) {
            case Decision.Accepted(var events) ->
                Effect()
                        .persist(events)
                        .thenRun(after -> tellListenersOf(events, after))
                        .thenReply(register.replyTo(), after -> new Registered(numberOf(after, runId)));
            case Decision.Refused(var reason) -> Effect().reply(register.replyTo(), new Refused(reason));
        };
    }

    private ReplyEffect<RegistryEvent, RegisteredModel> onMove(
            String alias,
            RegisteredModel before,
            Decision<RegistryEvent, Invalid> decision,
            ActorRef<MoveReply> replyTo) {
        return switch (decision) {
            case Decision.Accepted(var events) ->
                Effect()
                        .persist(events)
                        .thenRun(after -> tellListenersOf(events, after))
                        .thenReply(replyTo, after -> new Moved(alias, pointsTo(after, alias), pointsTo(before, alias)));
            case Decision.Refused(var reason) -> Effect().reply(replyTo, new Refused(reason));
        };
    }

    private void tellListenersOf(List<RegistryEvent> events, RegisteredModel state) {
        if (!events.isEmpty()) {
            tellListeners(state);
        }
    }

    private void tellListeners(RegisteredModel state) {
        listeners.accept(new ModelChanged(state.model()));
    }

    private long now() {
        return Micros.of(clock.instant());
    }

    private static int numberOf(RegisteredModel state, String runId) {
        return state.madeBy(runId).orElseThrow().number();
    }

    private static int pointsTo(RegisteredModel state, String alias) {
        return state.aliases().getOrDefault(alias, 0);
    }
}
