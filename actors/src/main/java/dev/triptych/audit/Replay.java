package dev.triptych.audit;

import dev.triptych.audit.ReplayResult.Differing;
import dev.triptych.audit.ReplayResult.Erased;
import dev.triptych.audit.ReplayResult.Identical;
import dev.triptych.audit.ReplayResult.NotReplayable;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Causes;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Computes a recorded prediction again: the entity's events up to the recorded sequence number go through the one fold,
 * are read as the recorded version's signature says, and that version, from its artifact, predicts. Which version is
 * champion today plays no part. Thread-safe.
 */
public final class Replay {

    /** Some 60 MiB of rows of ten numbers. */
    private static final int EVENTS_KEPT_MAX = 100_000;

    private final FeatureJournal journal;
    private final LoadedVersions versions;
    private final Executor evaluation;
    private final Supplier<KeptEntities<PastStates.Folded>> folded;

    /**
     * @param versions best an own one: what serves has long left its artifact
     * @param evaluation runs folds and predictors, milliseconds each
     */
    public Replay(FeatureJournal journal, LoadedVersions versions, Executor evaluation) {
        this(journal, versions, evaluation, () -> PastStates.foldedMax(EVENTS_KEPT_MAX));
    }

    private Replay(
            FeatureJournal journal,
            LoadedVersions versions,
            Executor evaluation,
            Supplier<KeptEntities<PastStates.Folded>> folded) {
        this.journal = journal;
        this.versions = versions;
        this.evaluation = evaluation;
        this.folded = folded;
    }

    /**
     * The same for many predictions one after the other, among which keys come back: it reads their journals once, and
     * folds on from where it was.
     */
    Replay ofMany() {
        KeptEntities<PastStates.Folded> kept = PastStates.foldedMax(EVENTS_KEPT_MAX);
        return new Replay(new ReadOnce(journal, EVENTS_KEPT_MAX), versions, evaluation, () -> kept);
    }

    /** One prediction, as {@link #replay(List)}. */
    public CompletionStage<ReplayResult> replay(PredictionRecord record) {
        return replay(List.of(record)).thenApply(List::getFirst);
    }

    /**
     * Several predictions, with one question to the journal: milliseconds for a thousand. Never fails: a prediction that
     * cannot be computed again is {@link NotReplayable}.
     *
     * @return one result a record, in their order
     */
    public CompletionStage<List<ReplayResult>> replay(List<PredictionRecord> records) {
        return found(records)
                .thenCompose(found -> journal.events(needed(records, found))
                        .thenApplyAsync(
                                entries -> compare(records, found, new PastStates(entries, folded.get())), evaluation))
                .exceptionally(failure -> records.stream()
                        .<ReplayResult>map(record -> new NotReplayable(record, Causes.message(failure)))
                        .toList());
    }

    private record Version(String model, int number) {
        static Version of(PredictionRecord record) {
            return new Version(record.modelPath(), record.version());
        }
    }

    /** A version, or why there is none. */
    private record Found(Optional<LoadedVersion> version, String problem) {}

    private CompletionStage<Map<Version, Found>> found(List<PredictionRecord> records) {
        return Answers.byKey(
                records.stream().map(Version::of).distinct().toList(),
                version -> versions.find(version.model(), version.number())
                        .thenApply(loaded -> new Found(Optional.of(loaded), ""))
                        .exceptionally(failure -> new Found(Optional.empty(), Causes.message(failure))));
    }

    /** How far into which entities' journals these predictions reach. */
    private static Map<EntityId, Long> needed(List<PredictionRecord> records, Map<Version, Found> found) {
        var needed = new HashMap<EntityId, Long>();
        for (PredictionRecord record : records) {
            Objects.requireNonNull(found.get(Version.of(record)))
                    .version()
                    .ifPresent(
                            loaded -> PastStates.entity(record, loaded.version().signature())
                                    .ifPresent(entity -> needed.merge(entity, record.sequenceNr(), Math::max)));
        }
        return needed;
    }

    private static List<ReplayResult> compare(
            List<PredictionRecord> records, Map<Version, Found> found, PastStates states) {
        return records.stream()
                .map(record -> compare(record, Objects.requireNonNull(found.get(Version.of(record))), states))
                .toList();
    }

    private static ReplayResult compare(PredictionRecord record, Found found, PastStates states) {
        if (found.version().isEmpty()) {
            return new NotReplayable(record, found.problem());
        }
        LoadedVersion version = found.version().get();
        try {
            if (states.isErased(record, version.version().signature())) {
                return new Erased(record);
            }
            return compare(record, version, inputs(record, version, states));
        } catch (RuntimeException e) {
            return new NotReplayable(record, Causes.message(e));
        }
    }

    private static List<Value> inputs(PredictionRecord record, LoadedVersion version, PastStates states) {
        Signature signature = version.version().signature();
        return states.inputs(record, signature).orElseGet(() -> given(record, signature));
    }

    private static List<Value> given(PredictionRecord record, Signature signature) {
        if (record.given().size() != signature.inputs().size()) {
            throw new IllegalStateException(
                    "given: " + record.given().size() + " values (expected: one for each of the "
                            + signature.inputs().size() + " inputs of version " + record.version() + ")");
        }
        return record.given();
    }

    private static ReplayResult compare(PredictionRecord record, LoadedVersion version, List<Value> inputs) {
        var outputs = new ArrayList<Double>();
        for (double output : version.predictor().predict(inputs)) {
            outputs.add(output);
        }
        return sameBits(record.outputs(), outputs) ? new Identical(record) : new Differing(record, outputs);
    }

    private static boolean sameBits(List<Double> recorded, List<Double> replayed) {
        // Double's equality is that of doubleToLongBits: 0.0 is not -0.0, and not-a-number is itself.
        return recorded.equals(replayed);
    }
}
