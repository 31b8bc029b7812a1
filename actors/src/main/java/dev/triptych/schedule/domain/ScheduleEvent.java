package dev.triptych.schedule.domain;

import dev.triptych.kernel.CborSerializable;

/** What can happen to the runs of pipelines. */
public sealed interface ScheduleEvent extends CborSerializable {

    /**
     * A cadence is followed from now on; firings before this instant are nobody's.
     *
     * @param cadence as definitions write it; another one is followed anew
     */
    record CadenceFollowed(PipelineId pipeline, String cadence, long atMicros) implements ScheduleEvent {}

    /**
     * @param request of the first attempt
     * @param trigger as in {@link PipelineRun}
     * @param atMicros UTC microseconds
     */
    record RunStarted(RunRequest request, String trigger, long atMicros) implements ScheduleEvent {}

    /** The run is made again, because its node went away in the middle. */
    record AttemptStarted(String runId, int attempt, long atMicros) implements ScheduleEvent {}

    record RunEnded(String runId, RunOutcome outcome, long atMicros) implements ScheduleEvent {}
}
