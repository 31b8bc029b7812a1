package dev.triptych.audit;

import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What is known of recorded predictions beyond their records: what they were made of, and what came of them. */
public final class RecordedOutcomes {

    private final FeatureJournal journal;
    private final LoadedVersions versions;
    private final Executor evaluation;

    /** @param evaluation runs folds and predictors */
    public RecordedOutcomes(FeatureJournal journal, LoadedVersions versions, Executor evaluation) {
        this.journal = journal;
        this.versions = versions;
        this.evaluation = evaluation;
    }

    /**
     * One prediction, looked into.
     *
     * @param signature of the version that predicted
     * @param features as they were read, in the signature's order; empty where they were erased
     * @param explanation empty where that cannot be told
     * @param outcome the row of the label; empty where it has not arrived, or no label is known
     */
    public record Details(
            Signature signature,
            List<FeatureValue> features,
            Optional<Explanation> explanation,
            Optional<FeatureRow> outcome) {
        public Details {
            features = List.copyOf(features);
        }
    }

    /** @param label the feature that tells outcomes; empty where there is none */
    public CompletionStage<Details> details(PredictionRecord record, Optional<FeatureRead> label) {
        return versions.find(record.modelPath(), record.version()).thenCompose(version -> {
            Signature signature = version.version().signature();
            return journal.events(entire(PastStates.entity(record, signature)))
                    .thenApplyAsync(
                            entries -> {
                                var states = new PastStates(entries);
                                List<FeatureValue> features = features(record, signature, states);
                                return new Details(
                                        signature,
                                        features,
                                        features.isEmpty()
                                                ? Optional.empty()
                                                : version.predictor().explain(inputs(features)),
                                        label.flatMap(wanted -> outcome(record, signature.entity(), wanted, states)));
                            },
                            evaluation);
        });
    }

    /** A value outside its maximum age was predicted from all the same, if at all. */
    private static List<Value> inputs(List<FeatureValue> features) {
        return features.stream().map(FeatureValue::value).toList();
    }

    private static List<FeatureValue> features(PredictionRecord record, Signature signature, PastStates states) {
        if (states.isErased(record, signature)) {
            return List.of();
        }
        return states.features(record, signature)
                .orElseGet(() ->
                        record.given().stream().map(RecordedOutcomes::given).toList());
    }

    private static FeatureValue given(Value value) {
        return new FeatureValue(
                value,
                value == Value.Null.NULL ? FeatureValue.Status.NULL_VALUE : FeatureValue.Status.PRESENT,
                Optional.empty());
    }

    /**
     * What came of predictions of one entity, with one question to the journal.
     *
     * @param entity the entity's name
     * @param label the feature that tells
     * @return rows of the label by the prediction's id; none for one whose outcome has not arrived
     */
    public CompletionStage<Map<String, FeatureRow>> outcomes(
            List<PredictionRecord> records, String entity, FeatureRead label) {
        Function<PredictionRecord, Optional<EntityId>> id =
                record -> record.key().map(key -> new EntityId(record.system(), entity, key));
        var needed = new HashMap<EntityId, Long>();
        records.forEach(record -> needed.putAll(entire(id.apply(record))));
        return journal.events(needed)
                .thenApplyAsync(
                        entries -> {
                            var states = new PastStates(entries);
                            var outcomes = new HashMap<String, FeatureRow>();
                            records.forEach(record -> outcome(record, entity, label, states)
                                    .ifPresent(row -> outcomes.put(record.id(), row)));
                            return outcomes;
                        },
                        evaluation);
    }

    private static Optional<FeatureRow> outcome(
            PredictionRecord record, String entity, FeatureRead label, PastStates states) {
        return record.key().flatMap(key -> states.outcome(new EntityId(record.system(), entity, key), label, record));
    }

    /** Outcomes arrive after what was predicted. */
    private static Map<EntityId, Long> entire(Optional<EntityId> entity) {
        return entity.map(id -> Map.of(id, Long.MAX_VALUE)).orElse(Map.of());
    }
}
