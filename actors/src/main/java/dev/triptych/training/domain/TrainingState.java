package dev.triptych.training.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.schedule.domain.RunOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training runs of one model: at most one open, and the last that ended.
 *
 * @param ended oldest first, at most {@value #ENDED_RUNS_MAX}
 */
public record TrainingState(Optional<OpenRun> open, List<EndedRun> ended) implements CborSerializable {

    /** A run that comes again after this many others is not recognised; its version still is, by the registry. */
    public static final int ENDED_RUNS_MAX = 100;

    public static final TrainingState EMPTY = new TrainingState(Optional.empty(), List.of());

    public record EndedRun(String runId, int attempts, RunOutcome outcome) implements CborSerializable {}

    public TrainingState {
        ended = List.copyOf(ended);
    }

    public Optional<EndedRun> ended(String runId) {
        return ended.stream().filter(run -> run.runId().equals(runId)).findFirst();
    }

    /** The open run, if it is this one. */
    public Optional<OpenRun> open(String runId) {
        return open.filter(run -> run.runId().equals(runId));
    }

    /** Whether this attempt is the one being made, and nothing is decided yet. */
    public boolean isAttempted(String runId, int attempt) {
        return open(runId)
                .filter(run -> run.attempts() == attempt && run.evaluated().isEmpty())
                .isPresent();
    }

    /** Total over every event ever written. */
    public TrainingState apply(TrainingEvent event) {
        return switch (event) {
            case TrainingEvent.RunStarted started ->
                new TrainingState(Optional.of(OpenRun.started(started.request())), ended);
            case TrainingEvent.RunEnded over -> ended(over);
            case TrainingEvent.AttemptStarted further -> further(further);
            case TrainingEvent.HorizonFrozen further -> further(further);
            case TrainingEvent.DatasetBuilt further -> further(further);
            case TrainingEvent.Evaluated further -> further(further);
            case TrainingEvent.VersionRegistered further -> further(further);
        };
    }

    private TrainingState further(TrainingEvent event) {
        return new TrainingState(open.map(run -> run.with(event)), ended);
    }

    private TrainingState ended(TrainingEvent.RunEnded over) {
        var runs = new ArrayList<>(ended);
        runs.add(new EndedRun(over.runId(), open.map(OpenRun::attempts).orElse(0), over.outcome()));
        return new TrainingState(
                Optional.empty(), runs.subList(Math.max(0, runs.size() - ENDED_RUNS_MAX), runs.size()));
    }
}
