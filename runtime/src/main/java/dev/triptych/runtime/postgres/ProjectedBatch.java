package dev.triptych.runtime.postgres;

import akka.serialization.Serialization;
import dev.triptych.audit.domain.JournalRow;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.runtime.postgres.PredictionRows.Logged;
import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.SegmentFiles;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent.Erased;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import java.util.ArrayList;
import java.util.List;

/** Sorts journal entries into what is projected from them: feature rows, predictions and erasures. Others it passes over. */
final class ProjectedBatch implements CommitOrder.EntryReader {

    private static final String FEATURE = "feature|";
    private static final String PREDICTION_LOG = "prediction-log|";

    private final Serialization serialization;
    private final SegmentFiles.Batch rows;
    private final List<Logged> predictions = new ArrayList<>();
    private final List<Erasure> erasures = new ArrayList<>();

    ProjectedBatch(Serialization serialization, SegmentFiles.Batch rows) {
        this.serialization = serialization;
        this.rows = rows;
    }

    List<Logged> predictions() {
        return predictions;
    }

    List<Erasure> erasures() {
        return erasures;
    }

    @Override
    public void read(CommitOrder.Entry entry) {
        JournalRow row = entry.row();
        var persistenceId = row.persistenceId();
        if (!persistenceId.startsWith(FEATURE) && !persistenceId.startsWith(PREDICTION_LOG)) {
            return;
        }
        switch (decode(row)) {
            case Erased erased ->
                erasures.add(new Erasure(entity(persistenceId), row.sequenceNr(), erased.throughMicros()));
            case RowsWritten written -> {
                var id = entity(persistenceId);
                rows.add(id.system(), id.entity(), id.key(), entry.at(), row.sequenceNr(), written);
            }
            case PredictionsLogged logged -> {
                int index = 0;
                for (var record : logged.predictions()) {
                    predictions.add(new Logged(record, persistenceId, row.sequenceNr(), index++));
                }
            }
            default -> {
                // Nothing else of these logs is projected.
            }
        }
    }

    private static EntityId entity(String persistenceId) {
        return EntityId.parse(persistenceId.substring(FEATURE.length()));
    }

    /** An event that this version cannot read stops the projection: to pass it over would be to lose it. */
    private Object decode(JournalRow row) {
        try {
            return serialization
                    .deserialize(row.payload(), row.serializerId(), row.manifest())
                    .get();
        } catch (Exception e) {
            // Scala throws checked exceptions undeclared.
            throw new IllegalStateException(
                    "event " + row.sequenceNr() + " of " + row.persistenceId()
                            + " cannot be read by this version of the program: " + e.getMessage(),
                    e);
        }
    }
}
