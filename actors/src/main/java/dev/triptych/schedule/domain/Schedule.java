package dev.triptych.schedule.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.triptych.kernel.CborSerializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of all pipelines, and since when each cadence is followed.
 *
 * @param pipelines by {@link PipelineId#path}
 */
public record Schedule(Map<String, Pipeline> pipelines) implements CborSerializable {

    /** Ended runs remembered of a pipeline; all of them are in the journal. */
    private static final int RUNS_KEPT = 200;

    /**
     * @param followed empty for one that has run only by hand
     * @param cursor where the last completed run left the source
     * @param runs oldest first; at most one, the last, is open
     */
    public record Pipeline(Optional<Followed> followed, Optional<String> cursor, List<Entry> runs) {

        static final Pipeline NEW = new Pipeline(Optional.empty(), Optional.empty(), List.of());

        public Pipeline {
            runs = List.copyOf(runs);
        }

        public Optional<Entry> open() {
            return runs.isEmpty() || runs.getLast().outcome().isPresent()
                    ? Optional.empty()
                    : Optional.of(runs.getLast());
        }
    }

    /**
     * How far a cadence has been followed.
     *
     * @param cadence as definitions write it
     * @param micros the last firing that was made, or else the instant the cadence was first followed
     */
    public record Followed(String cadence, long micros) {}

    /** A run as it is journaled. */
    public record Entry(
            RunRequest request,
            String trigger,
            int attempt,
            long startedMicros,
            Optional<Long> endedMicros,
            Optional<RunOutcome> outcome) {

        public PipelineRun with(Optional<RunProgress> progress) {
            return new PipelineRun(
                    request.runId(),
                    request.pipeline(),
                    trigger,
                    attempt,
                    request.scheduledMicros(),
                    startedMicros,
                    endedMicros,
                    progress,
                    outcome);
        }

        /** What to ask of the pipeline at this attempt. */
        public RunRequest current() {
            return new RunRequest(
                    request.runId(),
                    request.pipeline(),
                    attempt,
                    request.scheduledMicros(),
                    request.options(),
                    request.cursor());
        }
    }

    // A lone parameter could be meant as the whole value; it is a property.
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Schedule {
        pipelines = Map.copyOf(pipelines);
    }

    public static Schedule empty() {
        return new Schedule(Map.of());
    }

    public Pipeline pipeline(PipelineId id) {
        return pipelines.getOrDefault(id.path(), Pipeline.NEW);
    }

    /** Runs that have not ended, of all pipelines. */
    public List<Entry> open() {
        return pipelines.values().stream()
                .flatMap(pipeline -> pipeline.open().stream())
                .toList();
    }

    public Optional<Entry> run(String runId) {
        return pipelines.values().stream()
                .flatMap(pipeline -> pipeline.runs().stream())
                .filter(run -> run.request().runId().equals(runId))
                .findFirst();
    }

    /** Total over every event ever written. */
    public Schedule apply(ScheduleEvent event) {
        return switch (event) {
            case ScheduleEvent.CadenceFollowed(var pipeline, var cadence, long atMicros) ->
                with(
                        pipeline,
                        new Pipeline(
                                Optional.of(new Followed(cadence, atMicros)),
                                pipeline(pipeline).cursor(),
                                pipeline(pipeline).runs()));
            case ScheduleEvent.RunStarted started -> started(started);
            case ScheduleEvent.AttemptStarted(var runId, int attempt, long ignored) ->
                changed(
                        runId,
                        run -> new Entry(
                                run.request(),
                                run.trigger(),
                                attempt,
                                run.startedMicros(),
                                Optional.empty(),
                                Optional.empty()));
            case ScheduleEvent.RunEnded(var runId, var outcome, long atMicros) ->
                changed(
                        runId,
                        run -> new Entry(
                                run.request(),
                                run.trigger(),
                                run.attempt(),
                                run.startedMicros(),
                                Optional.of(atMicros),
                                Optional.of(outcome)));
        };
    }

    private Schedule started(ScheduleEvent.RunStarted started) {
        PipelineId id = started.request().pipeline();
        Pipeline before = pipeline(id);
        var runs = new ArrayList<>(before.runs());
        runs.add(new Entry(
                started.request(),
                started.trigger(),
                started.request().attempt(),
                started.atMicros(),
                Optional.empty(),
                Optional.empty()));
        List<Entry> kept = runs.size() > RUNS_KEPT ? runs.subList(runs.size() - RUNS_KEPT, runs.size()) : runs;
        Optional<Followed> followed = started.trigger().equals(PipelineRun.MANUAL)
                ? before.followed()
                : before.followed()
                        .map(far ->
                                new Followed(far.cadence(), started.request().scheduledMicros()));
        return with(id, new Pipeline(followed, before.cursor(), kept));
    }

    private interface Change {
        Entry of(Entry run);
    }

    private Schedule changed(String runId, Change change) {
        Optional<Entry> found = run(runId);
        if (found.isEmpty()) {
            return this;
        }
        PipelineId id = found.get().request().pipeline();
        Pipeline before = pipeline(id);
        Entry after = change.of(found.get());
        Optional<String> cursor = after.outcome().orElse(null) instanceof RunOutcome.Completed completed
                ? completed.cursor().or(before::cursor)
                : before.cursor();
        return with(
                id,
                new Pipeline(
                        before.followed(),
                        cursor,
                        before.runs().stream()
                                .map(run -> run.equals(found.get()) ? after : run)
                                .toList()));
    }

    private Schedule with(PipelineId id, Pipeline pipeline) {
        var changed = new LinkedHashMap<>(pipelines);
        changed.put(id.path(), pipeline);
        return new Schedule(changed);
    }
}
