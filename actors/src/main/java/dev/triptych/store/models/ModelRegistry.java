package dev.triptych.store.models;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;

/** The versions and aliases of one model: sharded by {@code system/model}, event-sourced. */
public final class ModelRegistry {

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

    /** @param previous 0 if the alias pointed nowhere */
    public record Moved(String alias, int version, int previous) implements MoveReply {}

    public record Refused(Invalid reason) implements RegisterReply, MoveReply {}

    private ModelRegistry() {}
}
