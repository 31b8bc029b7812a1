package dev.triptych.audit;

import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Answers;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Everything that ever happened to one entity, in order: rows that arrived, outcomes among them, predictions, erasures. */
public final class EntityStory {

    private static final int PAGE = 10_000;

    private final FeatureJournal journal;
    private final PredictionArchive archive;
    private final LoadedVersions versions;

    public EntityStory(FeatureJournal journal, PredictionArchive archive, LoadedVersions versions) {
        this.journal = journal;
        this.archive = archive;
        this.versions = versions;
    }

    public sealed interface Happening {
        /** When it was known, UTC microseconds: ingest time of rows, the time of a prediction. */
        long atMicros();
    }

    /**
     * @param sequenceNr of the event in the entity's journal
     * @param rows none where they were erased
     */
    public record Arrived(long sequenceNr, FeatureEvent.RowsWritten rows) implements Happening {
        @Override
        public long atMicros() {
            return rows.ingestMicros();
        }
    }

    /** @param sequenceNr of the event in the entity's journal */
    public record Erased(long sequenceNr, FeatureEvent.Erased erasure) implements Happening {
        @Override
        public long atMicros() {
            return erasure.ingestMicros();
        }
    }

    /** @param version that predicted */
    public record Predicted(PredictionRecord record, ModelVersion version) implements Happening {
        @Override
        public long atMicros() {
            return record.predictedMicros();
        }
    }

    /** Predictions made before have left the archive, and are in the journal alone. */
    public record PredictionsLeft(long atMicros) implements Happening {}

    /** Empty for an entity that was never written and never predicted. */
    public CompletionStage<List<Happening>> of(EntityId id) {
        return journal.events(id, Long.MAX_VALUE)
                .thenCombine(predictions(id), (entries, predictions) -> inOrder(entries, predictions))
                .thenCombine(archive.keptSinceMicros(), EntityStory::withGap);
    }

    private static List<Happening> inOrder(List<FeatureJournal.Entry> entries, List<Predicted> predictions) {
        var story = new ArrayList<Happening>();
        for (FeatureJournal.Entry entry : entries) {
            switch (entry.event()) {
                case FeatureEvent.RowsWritten rows -> story.add(new Arrived(entry.sequenceNr(), rows));
                case FeatureEvent.Erased erasure -> story.add(new Erased(entry.sequenceNr(), erasure));
            }
        }
        story.addAll(predictions);
        story.sort(Comparator.comparingLong(Happening::atMicros));
        return story;
    }

    private static List<Happening> withGap(List<Happening> story, long keptSinceMicros) {
        if (story.isEmpty() || keptSinceMicros == 0) {
            return story;
        }
        var told = new ArrayList<>(story);
        told.add(new PredictionsLeft(keptSinceMicros));
        told.sort(Comparator.comparingLong(Happening::atMicros));
        return told;
    }

    private CompletionStage<List<Predicted>> predictions(EntityId id) {
        Filter first = Filter.everything(PAGE).ofKey(id.system(), id.key());
        return records(first, new ArrayList<>())
                .thenCompose(records -> models(records)
                        .thenApply(models -> records.stream()
                                .flatMap(record -> predicted(record, models).stream())
                                // The same key may name another entity of the system.
                                .filter(predicted ->
                                        predicted.version().signature().entity().equals(id.entity()))
                                .toList()));
    }

    private static Optional<Predicted> predicted(PredictionRecord record, Map<String, RegisteredModel> models) {
        return Optional.ofNullable(models.get(record.modelPath()))
                .flatMap(model -> model.version(record.version()))
                .map(version -> new Predicted(record, version));
    }

    private CompletionStage<List<PredictionRecord>> records(Filter page, List<PredictionRecord> sofar) {
        return archive.list(page).thenCompose(records -> {
            sofar.addAll(records);
            return records.size() < PAGE
                    ? CompletableFuture.completedStage(sofar)
                    : records(page.after(records.getLast().id()), sofar);
        });
    }

    private CompletionStage<Map<String, RegisteredModel>> models(List<PredictionRecord> records) {
        return Answers.byKey(
                records.stream().map(PredictionRecord::modelPath).distinct().toList(), versions::registered);
    }
}
