package dev.triptych.training.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.models.domain.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run in the middle, as far as it is journaled.
 *
 * @param attempts begun so far
 * @param horizon where the journal was frozen
 * @param dataset of the last attempt that built one
 * @param evaluated from here on nothing is fitted again
 * @param version the registered version's number, once it has one
 */
public record OpenRun(
        RunRequest request,
        int attempts,
        Optional<TrainingEvent.HorizonFrozen> horizon,
        Optional<TrainingEvent.DatasetBuilt> dataset,
        Optional<TrainingEvent.Evaluated> evaluated,
        Optional<Integer> version)
        implements CborSerializable {

    static OpenRun started(RunRequest request) {
        return new OpenRun(request, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public String runId() {
        return request.runId();
    }

    OpenRun with(TrainingEvent event) {
        return switch (event) {
            case TrainingEvent.AttemptStarted started ->
                new OpenRun(request, started.attempt(), horizon, dataset, evaluated, version);
            case TrainingEvent.HorizonFrozen frozen ->
                new OpenRun(request, attempts, Optional.of(frozen), dataset, evaluated, version);
            case TrainingEvent.DatasetBuilt built ->
                new OpenRun(request, attempts, horizon, Optional.of(built), evaluated, version);
            case TrainingEvent.Evaluated decided ->
                new OpenRun(request, attempts, horizon, dataset, Optional.of(decided), version);
            case TrainingEvent.VersionRegistered registered ->
                new OpenRun(request, attempts, horizon, dataset, evaluated, Optional.of(registered.number()));
            case TrainingEvent.RunStarted again -> this;
            case TrainingEvent.RunEnded ended -> this;
        };
    }

    /**
     * What a run reports that reached the registry: counts {@code datasetRows, rowsWithoutLabel, version, promoted,
     * gatesPassed, gatesFailed}; notes {@code datasetHash, contentHash, promotion, metric.<name>,
     * baseline.<name>.<metric>} and {@code gate.<number>} from 1.
     *
     * @param promoted whether the alias was moved
     * @param promotion why, or why not
     */
    public RunOutcome.Completed completed(boolean promoted, String promotion) {
        TrainingEvent.Evaluated decided = evaluated.orElseThrow();
        ModelVersion candidate = decided.candidate();
        List<GateResult> gates = decided.gates();
        long passed = gates.stream().filter(GateResult::passed).count();
        Map<String, Long> counts = new HashMap<>();
        counts.put("datasetRows", candidate.provenance().datasetRows());
        counts.put(
                "rowsWithoutLabel",
                dataset.map(TrainingEvent.DatasetBuilt::rowsWithoutLabel).orElse(0L));
        counts.put("version", version.map(Integer::longValue).orElseThrow());
        counts.put("promoted", promoted ? 1L : 0L);
        counts.put("gatesPassed", passed);
        counts.put("gatesFailed", gates.size() - passed);

        Map<String, String> notes = new HashMap<>();
        notes.put("datasetHash", candidate.provenance().datasetHash());
        notes.put("contentHash", candidate.contentHash());
        notes.put("promotion", promotion);
        candidate.metrics().forEach((name, value) -> notes.put("metric." + name, sixDigits(value)));
        candidate
                .baselineMetrics()
                .forEach((baseline, metrics) -> metrics.forEach(
                        (name, value) -> notes.put("baseline." + baseline + "." + name, sixDigits(value))));
        for (int index = 0; index < gates.size(); index++) {
            notes.put("gate." + (index + 1), gates.get(index).note());
        }
        return new RunOutcome.Completed(counts, notes, List.of(), Optional.empty());
    }

    private static String sixDigits(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
