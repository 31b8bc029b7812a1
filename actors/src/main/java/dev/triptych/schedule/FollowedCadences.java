package dev.triptych.schedule;

import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.PipelineRun;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.schedule.domain.Schedule;
import dev.triptych.schedule.domain.ScheduleEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every declared pipeline with its cadence, and what is due. Not thread-safe: the next firings are remembered. */
final class FollowedCadences {

    /** A firing made later than this after its instant had been missed. */
    private static final Duration PUNCTUAL = Duration.ofSeconds(5);

    private final Map<PipelineId, Followed> followed = new LinkedHashMap<>();

    FollowedCadences(Collection<SystemDefinition> systems) {
        for (SystemDefinition system : systems) {
            system.featurePipelines().forEach(p -> add(system, PipelineKind.FEATURE, p.name(), p.cadence()));
            system.trainingPipelines().forEach(p -> add(system, PipelineKind.TRAINING, p.name(), p.cadence()));
            system.inferencePipelines().forEach(p -> add(system, PipelineKind.INFERENCE, p.name(), p.cadence()));
        }
    }

    private void add(SystemDefinition system, PipelineKind kind, String name, Cadence cadence) {
        followed.put(new PipelineId(system.name(), kind, name), new Followed(cadence));
    }

    boolean declares(PipelineId pipeline) {
        return followed.containsKey(pipeline);
    }

    /** Every declared pipeline's path, in the order declared. */
    List<String> paths() {
        return followed.keySet().stream().map(PipelineId::path).toList();
    }

    /** The cadences that begin to be followed now, and the runs that begin now. */
    List<ScheduleEvent> due(Schedule schedule, Instant now) {
        var events = new ArrayList<ScheduleEvent>();
        followed.forEach(
                (id, cadence) -> cadence.due(id, schedule.pipeline(id), now).ifPresent(events::add));
        return events;
    }

    private static final class Followed {
        private final Cadence cadence;
        private final String text;
        private final Firings firings;

        /** Of the instant before it, since looking it up takes longer than everything else that a look does. */
        private Instant previous = Instant.MIN;

        private Optional<Instant> next = Optional.empty();

        Followed(Cadence cadence) {
            this.cadence = cadence;
            this.text = cadence.text();
            this.firings = Firings.of(cadence);
        }

        Optional<ScheduleEvent> due(PipelineId id, Schedule.Pipeline pipeline, Instant now) {
            if (cadence instanceof Cadence.Manual) {
                return Optional.empty();
            }
            Optional<Instant> last = pipeline.followed()
                    .filter(before -> before.cadence().equals(text))
                    .map(before -> Micros.toInstant(before.micros()));
            if (last.isEmpty()) {
                return Optional.of(new ScheduleEvent.CadenceFollowed(id, text, Micros.of(now)));
            }
            return next(last.get())
                    .filter(first -> !first.isAfter(now) && pipeline.open().isEmpty())
                    .map(first -> started(id, pipeline, first, now));
        }

        private Optional<Instant> next(Instant after) {
            if (!after.equals(previous)) {
                previous = after;
                next = firings.next(after);
            }
            return next;
        }

        /** However many firings were missed, one run stands for them, at the instant of the last. */
        private ScheduleEvent started(PipelineId id, Schedule.Pipeline pipeline, Instant first, Instant now) {
            Instant newest = firings.last(now).orElse(first);
            boolean punctual = newest.equals(first) && !first.plus(PUNCTUAL).isBefore(now);
            var request = new RunRequest(runId(id, newest), id, 1, Micros.of(newest), Map.of(), pipeline.cursor());
            return new ScheduleEvent.RunStarted(
                    request, punctual ? PipelineRun.CADENCE : PipelineRun.CATCH_UP, Micros.of(now));
        }

        /** Names hold no dot, so no two pipelines share a run id. */
        private static String runId(PipelineId id, Instant instant) {
            return id.system() + "." + id.kind().label() + "." + id.name() + "." + instant;
        }
    }
}
