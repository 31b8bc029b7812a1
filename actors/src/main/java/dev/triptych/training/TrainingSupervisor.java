package dev.triptych.training;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.util.Optional;

/** The training runs of one model: sharded by {@code system/model}, event-sourced. */
public final class TrainingSupervisor {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "training");

    public sealed interface Command extends CborSerializable {}

    /** Starts a run; the same run id again answers the same. A run in the middle when a node died goes on by itself. */
    public record Start(RunRequest request, ActorRef<StartReply> replyTo) implements Command {}

    /** Where a run is; to be asked again and again. */
    public record Get(String runId, ActorRef<GetReply> replyTo) implements Command {}

    public record Cancel(String runId, String by, ActorRef<GetReply> replyTo) implements Command {}

    public sealed interface StartReply extends CborSerializable {}

    public record Started(String runId) implements StartReply {}

    /** Another run of this model is in the middle. */
    public record Busy(String runId) implements StartReply {}

    public sealed interface GetReply extends CborSerializable {}

    /** @param outcome empty while it runs */
    public record Run(String runId, int attempt, RunProgress progress, Optional<RunOutcome> outcome)
            implements GetReply {}

    public record UnknownRun(String runId) implements GetReply {}

    private TrainingSupervisor() {}
}
