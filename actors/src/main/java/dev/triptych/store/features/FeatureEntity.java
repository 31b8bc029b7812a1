package dev.triptych.store.features;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.kernel.Span;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.Tenure;
import dev.triptych.store.Traces;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.FeatureVector;
import dev.triptych.store.features.domain.Retention;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.event.Level;

/**
 * The features of one entity: sharded by {@link EntityId#path}, event-sourced. Reads of what is in memory cost
 * microseconds; reads further back, of what was known before, and histories fold the entity's own journal again, beside
 * the actor. A write is acknowledged once it is committed; where that takes too long nobody answers, and the writer
 * repeats the write under its id.
 */
public final class FeatureEntity extends EventSourcedBehavior<FeatureEntity.Command, FeatureEvent, FeatureState> {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "feature");

    public sealed interface Command extends CborSerializable {}

    /**
     * Writes rows of one view.
     *
     * @param names features, in the order of every row's values
     * @param types one {@link dev.triptych.store.features.domain.FeatureType#code} a feature
     * @param writeId the writer's own id; a repeated one is acknowledged and changes nothing
     * @param trace that the write belongs to, see {@link Traces}; empty for none
     */
    public record Write(
            String view,
            List<String> names,
            String types,
            List<FeatureRow> rows,
            Optional<String> writeId,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> trace,
            ActorRef<WriteReply> replyTo)
            implements Command {}

    /**
     * Reads features as of an event time, as known at an ingest time.
     *
     * @param asOfMicros empty for now
     * @param knownAtMicros empty for all that is known
     * @param trace that the read belongs to, see {@link Traces}; empty for none
     */
    public record Read(
            List<FeatureRead> reads,
            Optional<Long> asOfMicros,
            Optional<Long> knownAtMicros,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> trace,
            ActorRef<ReadReply> replyTo)
            implements Command {}

    /** Every row ever written to a view, newest event time first. */
    public record History(String view, int limit, ActorRef<HistoryReply> replyTo) implements Command {}

    /**
     * Forgets the key: no value of it can be read from here on. The journal's projection then makes what is stored
     * unreadable.
     */
    public record Erase(String by, String reason, ActorRef<EraseReply> replyTo) implements Command {}

    public sealed interface WriteReply extends CborSerializable {}

    /**
     * Durable, and seen by every later read.
     *
     * @param sequenceNr the entity's sequence number after the write
     * @param rowsWritten rows that were news
     * @param rowsUnchanged rows that were there already, value for value
     * @param rowsErased rows that belong to what was erased, and were not taken
     */
    public record Written(long sequenceNr, int rowsWritten, int rowsUnchanged, int rowsErased) implements WriteReply {}

    public record Refused(Invalid reason) implements WriteReply, ReadReply, HistoryReply, EraseReply {}

    public sealed interface EraseReply extends CborSerializable {}

    /**
     * The erasure is durable, and no later read sees what was before it. An erased key that was not written since is
     * answered so again.
     *
     * @param sequenceNr of the erasure in the entity's journal
     */
    public record KeyErased(long sequenceNr) implements EraseReply {}

    /** The key was never written. */
    public record NothingToErase() implements EraseReply {}

    public sealed interface ReadReply extends CborSerializable {}

    /**
     * @param sequenceNr the entity's sequence number that the answer was folded from; 0 for an entity never written
     * @param asOfMicros the instant read at, also where none was asked for
     */
    public record Answer(FeatureVector vector, long sequenceNr, long asOfMicros) implements ReadReply {}

    /** The past could not be read now; try again. */
    public record JournalUnavailable(String reason) implements ReadReply, HistoryReply {}

    public sealed interface HistoryReply extends CborSerializable {}

    public record Rows(List<StoredRow> rows) implements HistoryReply {}

    /**
     * @param names features, in the order of the row's values
     * @param types one type code a feature
     * @param sequenceNr of the event that brought the row
     */
    public record StoredRow(List<String> names, String types, FeatureRow row, long ingestMicros, long sequenceNr)
            implements CborSerializable {}

    /** The journal was read again up to {@code sequenceNr}, because a write reaches below what is kept in memory. */
    private record PastKnown(Write write, FeatureState state, long sequenceNr) implements Command {}

    private record PastUnknown(Write write, String reason) implements Command {}

    /** The actor is to go. A message like any other, so that it comes after every write that is under way. */
    enum LetGo implements Command {
        LET_GO
    }

    /** The step in which an entity answers a read. */
    static final String ANSWERS = "answer features";

    static final String OUT_OF_TOUCH = "its node is out of touch with its cluster's database";

    private static final int ROWS_KEPT_PER_VIEW = 64;
    private static final int EVENTS_PER_SNAPSHOT = 50;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final int RESTARTS_QUIET_MAX = 10;

    // One object for all entities: a million of them may be resident.
    private static final FeatureState EMPTY = FeatureState.empty(Retention.newest(ROWS_KEPT_PER_VIEW));
    private static final RetentionCriteria SNAPSHOTS =
            RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);

    // Where the database is away, every entity that is asked for restarts: the tailer says so once for all of them. One
    // that goes on failing has a trouble of its own, such as an event that cannot be read.
    private static final BackoffSupervisorStrategy RESTART = SupervisorStrategy.restartWithBackoff(
                    Duration.ofMillis(200), Duration.ofSeconds(5), 0.2)
            .withLogLevel(Level.DEBUG)
            .withCriticalLogLevel(Level.ERROR, RESTARTS_QUIET_MAX);

    private final ActorContext<Command> context;
    private final FeatureJournal journal;
    private final Clock clock;

    /** Whether readers on this node find the state in {@link LiveStates}. */
    private boolean shown;

    /** Makes the entities available, on nodes of role {@code feature}; called on every node. */
    public static void init(ActorSystem<?> system, FeatureJournal journal, Clock clock) {
        ClusterSharding.get(system)
                .init(Entity.of(TYPE_KEY, entity -> {
                            EntityId id = EntityId.parse(entity.getEntityId());
                            return resident(id, journal, clock);
                        })
                        .withStopMessage(LetGo.LET_GO)
                        .withRole(NodeRoles.FEATURE));
    }

    /** One entity, a child of its shard; resting where that shard has its state in memory. */
    private static Behavior<Command> resident(EntityId id, FeatureJournal journal, Clock clock) {
        String persistenceId = persistenceId(id).id();
        return Behaviors.setup(context -> {
            var residents = ResidentStates.get(context.getSystem());
            residents.startIn(shard(context), persistenceId);
            Behavior<Command> entity = create(id, journal, clock);
            return residents
                    .of(persistenceId)
                    .<Behavior<Command>>map(resident -> new RestingEntity(persistenceId, resident, clock, entity))
                    .orElse(entity);
        });
    }

    /**
     * The incarnation of the shard that started this entity: its parent. What sharding gives out for commands to the
     * shard is one actor for all shards of the node, as long as that lives.
     */
    private static akka.actor.ActorRef shard(ActorContext<Command> context) {
        return Adapter.toClassic(context).parent();
    }

    /** Under which the journal and the snapshots hold the entity. */
    public static PersistenceId persistenceId(EntityId id) {
        return PersistenceId.of(TYPE_KEY.name(), id.path());
    }

    /**
     * One entity, wherever it is.
     *
     * @param clock gives ingest times
     */
    public static Behavior<Command> create(EntityId id, FeatureJournal journal, Clock clock) {
        // What is captured stays as long as the entity: one name instead of the id's three.
        PersistenceId persistenceId = persistenceId(id);
        return Behaviors.setup(context -> new FeatureEntity(context, persistenceId, journal, clock));
    }

    private FeatureEntity(
            ActorContext<Command> context, PersistenceId persistenceId, FeatureJournal journal, Clock clock) {
        super(persistenceId, RESTART);
        this.context = context;
        this.journal = journal;
        this.clock = clock;
    }

    private EntityId id() {
        return EntityId.parse(persistenceId().entityId());
    }

    @Override
    public FeatureState emptyState() {
        return EMPTY;
    }

    @Override
    public CommandHandler<Command, FeatureEvent, FeatureState> commandHandler() {
        return this::onCommand;
    }

    @Override
    public EventHandler<FeatureState, FeatureEvent> eventHandler() {
        return FeatureState::apply;
    }

    @Override
    public SignalHandler<FeatureState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> {
                    residents().forget(persistenceId().id());
                    // One that was restarted may have left it.
                    hide();
                })
                .onSignal(PostStop.instance(), state -> hide())
                .build();
    }

    private void show(FeatureState state) {
        shown = true;
        LiveStates.get(context.getSystem()).show(persistenceId().id(), state, lastSequenceNumber(context));
    }

    private void hide() {
        shown = false;
        LiveStates.get(context.getSystem()).hide(persistenceId().id());
    }

    private ResidentStates residents() {
        return ResidentStates.get(context.getSystem());
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return SNAPSHOTS;
    }

    private Effect<FeatureEvent, FeatureState> onCommand(FeatureState state, Command command) {
        if (!Tenure.get(context.getSystem()).holds()) {
            return onDoubt(command);
        }
        return switch (command) {
            case Write write -> onWrite(state, write, state.knows(write.view(), write.rows()));
            case PastKnown(var write, var past, long sequenceNr)
            when sequenceNr == lastSequenceNumber(context) -> onWrite(past, write, true);
            case PastKnown outrun -> readPast(outrun.write());
            case PastUnknown(var write, var reason) -> {
                // Silence, as where the database cannot be written: the writer repeats, and its write id makes that
                // safe.
                context.getLog().warn("A late row of {} waits for the journal: {}", id().path(), reason);
                yield Effect().none();
            }
            case Erase erase -> onErase(state, erase);
            case Read read -> onRead(state, read);
            case History history -> onHistory(history);
            case LetGo letGo -> onLetGo(state);
        };
    }

    /**
     * Somebody else may own the key by now, and what is in memory be old. Whoever writes hears nothing, and asks again
     * where the key is then; so does this actor, once it is known to be the owner still.
     */
    private Effect<FeatureEvent, FeatureState> onDoubt(Command command) {
        return switch (command) {
            case Read read -> Effect().reply(read.replyTo(), new JournalUnavailable(OUT_OF_TOUCH));
            case History history -> Effect().reply(history.replyTo(), new JournalUnavailable(OUT_OF_TOUCH));
            case LetGo letGo -> {
                hide();
                yield Effect().stop();
            }
            case Write write -> Effect().none();
            case Erase erase -> Effect().none();
            case PastKnown known -> Effect().none();
            case PastUnknown unknown -> Effect().none();
        };
    }

    /**
     * @param state decides
     * @param known whether it knows the rows' past; if not, the journal does
     */
    private Effect<FeatureEvent, FeatureState> onWrite(FeatureState state, Write write, boolean known) {
        int erased = state.rowsErased(write.rows());
        return switch (state.write(
                write.view(), write.names(), write.types(), write.rows(), nextIngestMicros(state), write.writeId())) {
            case Decision.Accepted(var events)
            when events.isEmpty() ->
                Effect()
                        .reply(
                                write.replyTo(),
                                new Written(
                                        lastSequenceNumber(context),
                                        0,
                                        write.rows().size() - erased,
                                        erased));
            case Decision.Accepted(var events)
            when known -> {
                int written = events.stream().mapToInt(FeatureEntity::rows).sum();
                int unchanged = write.rows().size() - written - erased;
                Span committing = Traces.get(context.getSystem()).begin("commit features", write.trace());
                yield Effect().persist(events).thenRun(this::showAgain).thenReply(write.replyTo(), stored -> {
                    committing.end();
                    return new Written(lastSequenceNumber(context), written, unchanged, erased);
                });
            }
            case Decision.Accepted(var perhapsNotNews) -> readPast(write);
            case Decision.Refused(var reason) -> Effect().reply(write.replyTo(), new Refused(reason));
        };
    }

    private void showAgain(FeatureState stored) {
        if (shown) {
            show(stored);
        }
    }

    private long nextIngestMicros(FeatureState state) {
        return Math.max(Micros.of(clock.instant()), state.lastIngestMicros() + 1);
    }

    private static int rows(FeatureEvent event) {
        return switch (event) {
            case FeatureEvent.RowsWritten written -> written.rows().size();
            case FeatureEvent.Erased erased -> 0;
        };
    }

    private Effect<FeatureEvent, FeatureState> onErase(FeatureState state, Erase erase) {
        return switch (state.erase(erase.by(), erase.reason(), nextIngestMicros(state))) {
            case Decision.Accepted(var events)
            when !events.isEmpty() ->
                Effect()
                        .persist(events)
                        .thenRun(this::showAgain)
                        .thenReply(erase.replyTo(), stored -> new KeyErased(lastSequenceNumber(context)));
            case Decision.Accepted(var nothing) ->
                Effect()
                        .reply(
                                erase.replyTo(),
                                lastSequenceNumber(context) > 0
                                        ? new KeyErased(lastSequenceNumber(context))
                                        : new NothingToErase());
            case Decision.Refused(var reason) -> Effect().reply(erase.replyTo(), new Refused(reason));
        };
    }

    /** Idempotence must hold for rows that are no longer in memory too; this is rare, and costs one read of the journal. */
    private Effect<FeatureEvent, FeatureState> readPast(Write write) {
        long sequenceNr = lastSequenceNumber(context);
        context.pipeToSelf(
                events(sequenceNr),
                (entries, failure) -> failure == null
                        ? new PastKnown(write, fold(entries), sequenceNr)
                        : new PastUnknown(write, String.valueOf(failure.getMessage())));
        return Effect().none();
    }

    private Effect<FeatureEvent, FeatureState> onLetGo(FeatureState state) {
        hide();
        if (lastSequenceNumber(context) > 0) {
            residents()
                    .keep(
                            persistenceId().id(),
                            new ResidentStates.Resident(shard(context), lastSequenceNumber(context), state));
        }
        return Effect().stop();
    }

    /** A journal that refuses to start a read has failed it. */
    private CompletionStage<List<FeatureJournal.Entry>> events(long toSequenceNr) {
        try {
            return journal.events(id(), toSequenceNr);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedStage(tooMany);
        }
    }

    /** Empty where it takes the journal: something further back is asked for than the state keeps. */
    static Optional<Answer> answer(FeatureState state, long sequenceNr, Read read, Clock clock) {
        return read.knownAtMicros().isEmpty()
                ? answer(state, sequenceNr, read.reads(), read.asOfMicros(), clock)
                : Optional.empty();
    }

    /** The same of all that is known. */
    static Optional<Answer> answer(
            FeatureState state, long sequenceNr, List<FeatureRead> reads, Optional<Long> asOfMicros, Clock clock) {
        long asOf = asOf(asOfMicros, clock);
        return state.covers(reads, asOf)
                ? Optional.of(new Answer(state.read(reads, asOf), sequenceNr, asOf))
                : Optional.empty();
    }

    private static long asOf(Optional<Long> asked, Clock clock) {
        return asked.orElseGet(() -> Micros.of(clock.instant()));
    }

    private Effect<FeatureEvent, FeatureState> onRead(FeatureState state, Read read) {
        Span span = Traces.get(context.getSystem()).begin(ANSWERS, read.trace());
        long sequenceNr = lastSequenceNumber(context);
        Optional<Answer> answer = answer(state, sequenceNr, read, clock);
        if (answer.isPresent()) {
            span.end();
            if (sequenceNr > 0 && !shown) {
                show(state);
            }
            return Effect().reply(read.replyTo(), answer.get());
        }
        long asOf = asOf(read.asOfMicros(), clock);
        long knownAt = read.knownAtMicros().orElse(Long.MAX_VALUE);
        span.over(events(sequenceNr)).whenComplete((entries, failure) -> {
            if (failure != null) {
                read.replyTo().tell(new JournalUnavailable(String.valueOf(failure.getMessage())));
                return;
            }
            List<FeatureJournal.Entry> known = entries.stream()
                    .filter(entry -> entry.event().ingestMicros() <= knownAt)
                    .toList();
            long foldedTo = known.isEmpty() ? 0 : known.getLast().sequenceNr();
            read.replyTo().tell(new Answer(fold(known).read(read.reads(), asOf), foldedTo, asOf));
        });
        return Effect().none();
    }

    private Effect<FeatureEvent, FeatureState> onHistory(History history) {
        events(lastSequenceNumber(context))
                .whenComplete((entries, failure) -> history.replyTo()
                        .tell(
                                failure == null
                                        ? new Rows(rows(entries, history))
                                        : new JournalUnavailable(String.valueOf(failure.getMessage()))));
        return Effect().none();
    }

    private static List<StoredRow> rows(List<FeatureJournal.Entry> entries, History history) {
        var rows = new ArrayList<StoredRow>();
        for (FeatureJournal.Entry entry : entries) {
            switch (entry.event()) {
                case FeatureEvent.RowsWritten written
                when written.view().equals(history.view()) ->
                    written.rows()
                            .forEach(row -> rows.add(new StoredRow(
                                    written.names(),
                                    written.types(),
                                    row,
                                    written.ingestMicros(),
                                    entry.sequenceNr())));
                case FeatureEvent.RowsWritten ofAnotherView -> {}
                // Whether the projection has come to it or not.
                case FeatureEvent.Erased erased -> rows.clear();
            }
        }
        rows.sort(Comparator.comparingLong((StoredRow stored) -> stored.row().eventMicros())
                .thenComparingLong(StoredRow::sequenceNr)
                .reversed());
        return rows.size() > history.limit() ? List.copyOf(rows.subList(0, history.limit())) : rows;
    }

    private static FeatureState fold(List<FeatureJournal.Entry> entries) {
        FeatureState state = FeatureState.empty(Retention.all());
        for (FeatureJournal.Entry entry : entries) {
            state = state.apply(entry.event());
        }
        return state;
    }
}
