package dev.triptych.store.features;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureVector;
import java.util.List;
import java.util.Optional;

/** The features of one entity: sharded by {@link dev.triptych.store.features.domain.EntityId#path}, event-sourced. */
public final class FeatureEntity {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "feature");

    public sealed interface Command extends CborSerializable {}

    /**
     * Writes rows of one view.
     *
     * @param names features, in the order of every row's values
     * @param types one {@link dev.triptych.store.features.domain.FeatureType#code} a feature
     * @param writeId the writer's own id; a repeated one is acknowledged and changes nothing
     */
    public record Write(
            String view,
            List<String> names,
            String types,
            List<FeatureRow> rows,
            Optional<String> writeId,
            ActorRef<WriteReply> replyTo)
            implements Command {}

    /**
     * Reads features as of an event time, as known at an ingest time.
     *
     * @param asOfMicros empty for now
     * @param knownAtMicros empty for all that is known
     */
    public record Read(
            List<FeatureRead> reads,
            Optional<Long> asOfMicros,
            Optional<Long> knownAtMicros,
            ActorRef<ReadReply> replyTo)
            implements Command {}

    /** Every row ever written to a view, newest event time first. */
    public record History(String view, int limit, ActorRef<HistoryReply> replyTo) implements Command {}

    public sealed interface WriteReply extends CborSerializable {}

    /**
     * Durable, and seen by every later read.
     *
     * @param sequenceNr the entity's sequence number after the write
     * @param rowsWritten rows that were news
     * @param rowsUnchanged rows that were there already, value for value
     */
    public record Written(long sequenceNr, int rowsWritten, int rowsUnchanged) implements WriteReply {}

    public record Refused(Invalid reason) implements WriteReply, ReadReply, HistoryReply {}

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

    private FeatureEntity() {}
}
