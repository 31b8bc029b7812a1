package dev.triptych.audit;

import dev.triptych.audit.ReplayResult.Differing;
import dev.triptych.audit.ReplayResult.Identical;
import dev.triptych.audit.ReplayResult.NotReplayable;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Causes;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Retention;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Computes a recorded prediction again: the entity's events up to the recorded sequence number go through the one fold,
 * are read as the recorded version's signature says, and that version, from its artifact, predicts. Which version is
 * champion today plays no part. Thread-safe.
 */
public final class Replay {

    private final FeatureJournal journal;
    private final LoadedVersions versions;
    private final Executor evaluation;

    /**
     * @param versions best an own one: what serves has long left its artifact
     * @param evaluation runs folds and predictors, milliseconds each
     */
    public Replay(FeatureJournal journal, LoadedVersions versions, Executor evaluation) {
        this.journal = journal;
        this.versions = versions;
        this.evaluation = evaluation;
    }

    /** Never fails: a prediction that cannot be computed again is {@link NotReplayable}. */
    public CompletionStage<ReplayResult> replay(PredictionRecord record) {
        return versions.find(record.modelPath(), record.version())
                .thenCompose(version -> inputs(record, version.version().signature())
                        .thenApplyAsync(inputs -> compare(record, version, inputs), evaluation))
                .exceptionally(failure -> new NotReplayable(record, Causes.message(failure)));
    }

    private CompletionStage<List<Value>> inputs(PredictionRecord record, Signature signature) {
        if (record.key().isEmpty()) {
            return CompletableFuture.completedStage(given(record, signature));
        }
        var entity =
                new EntityId(record.system(), signature.entity(), record.key().get());
        return journal.events(entity, record.sequenceNr())
                .thenApplyAsync(entries -> read(record, signature, entity, entries), evaluation);
    }

    private static List<Value> given(PredictionRecord record, Signature signature) {
        if (record.given().size() != signature.inputs().size()) {
            throw new IllegalStateException(
                    "given: " + record.given().size() + " values (expected: one for each of the "
                            + signature.inputs().size() + " inputs of version " + record.version() + ")");
        }
        return record.given();
    }

    private static List<Value> read(
            PredictionRecord record, Signature signature, EntityId entity, List<FeatureJournal.Entry> entries) {
        // Sequence numbers start at 1 and have no gaps.
        if (entries.size() != record.sequenceNr()) {
            throw new IllegalStateException("the journal of " + entity.path() + " holds " + entries.size()
                    + " events (expected: the " + record.sequenceNr() + " that the prediction was computed from)");
        }
        var state = FeatureState.empty(Retention.all());
        for (FeatureJournal.Entry entry : entries) {
            state = state.apply(entry.event());
        }
        return state.read(signature.inputs(), record.asOfMicros()).values().stream()
                .map(FeatureValue::value)
                .toList();
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
