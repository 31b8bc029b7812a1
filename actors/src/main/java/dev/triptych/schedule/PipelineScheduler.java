package dev.triptych.schedule;

import akka.actor.typed.ActorRef;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.PipelineRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs every pipeline at its cadence, and by hand; never two runs of one pipeline at once. A cluster singleton. */
public final class PipelineScheduler {

    public sealed interface Command extends CborSerializable {}

    /**
     * Runs a pipeline now.
     *
     * @param runId chosen by the caller; the same id again answers the same run
     * @param options for this run
     */
    public record Run(String runId, PipelineId pipeline, Map<String, String> options, ActorRef<RunReply> replyTo)
            implements Command {}

    public record GetRun(String runId, ActorRef<RunReply> replyTo) implements Command {}

    /** The last runs, newest first. */
    public record ListRuns(Optional<String> system, Optional<PipelineId> pipeline, int limit, ActorRef<Runs> replyTo)
            implements Command {}

    public record Cancel(String runId, String by, ActorRef<RunReply> replyTo) implements Command {}

    public sealed interface RunReply extends CborSerializable {}

    public record Current(PipelineRun run) implements RunReply {}

    /** Another run of the pipeline is in the middle; this one was not started. */
    public record Overlapping(PipelineRun run) implements RunReply {}

    /** No such pipeline or run. */
    public record NotFound(Invalid reason) implements RunReply {}

    public record Runs(List<PipelineRun> runs) implements CborSerializable {}

    private PipelineScheduler() {}
}
