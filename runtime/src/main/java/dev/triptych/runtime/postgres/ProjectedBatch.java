package dev.triptych.runtime.postgres;

import akka.serialization.Serialization;
import dev.triptych.audit.domain.JournalRow;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.runtime.postgres.PredictionRows.Logged;
import dev.triptych.store.JournalMoves;
import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.SegmentFiles;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent.Erased;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts journal entries into what is projected from them: feature rows, predictions and erasures. Of the others it only
 * counts those that somebody may want to hear of.
 */
final class ProjectedBatch implements CommitOrder.EntryReader {

    private static final String FEATURE = "feature|";
    private static final String PREDICTION_LOG = "prediction-log|";
    private static final String MODEL = "model|";
    private static final String DEPLOYMENT = "deployment|";
    private static final String MONITOR = "monitor";

    private final Serialization serialization;
    private final SegmentFiles.Batch rows;
    private final List<Logged> predictions = new ArrayList<>();
    private final List<Erasure> erasures = new ArrayList<>();
    private final Map<JournalMoves.Kind, Map<String, Long>> counts = new EnumMap<>(JournalMoves.Kind.class);

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

    /** What was counted, each path once. */
    List<JournalMoves.Move> moves() {
        return counts.entrySet().stream()
                .flatMap(kind -> kind.getValue().entrySet().stream()
                        .map(path -> new JournalMoves.Move(kind.getKey(), path.getKey(), path.getValue())))
                .toList();
    }

    private void count(JournalMoves.Kind kind, String path, long more) {
        counts.computeIfAbsent(kind, unseen -> new HashMap<>()).merge(path, more, Long::sum);
    }

    @Override
    public void read(CommitOrder.Entry entry) {
        JournalRow row = entry.row();
        var persistenceId = row.persistenceId();
        if (persistenceId.startsWith(FEATURE) || persistenceId.startsWith(PREDICTION_LOG)) {
            project(entry, row, persistenceId);
        } else if (persistenceId.startsWith(MODEL)) {
            count(JournalMoves.Kind.MODEL, persistenceId.substring(MODEL.length()), 1);
        } else if (persistenceId.startsWith(DEPLOYMENT)) {
            count(JournalMoves.Kind.DEPLOYMENT, persistenceId.substring(DEPLOYMENT.length()), 1);
        } else if (persistenceId.equals(MONITOR)) {
            count(JournalMoves.Kind.ALERTS, "", 1);
        }
    }

    private void project(CommitOrder.Entry entry, JournalRow row, String persistenceId) {
        switch (decode(row)) {
            case Erased erased ->
                erasures.add(new Erasure(entity(persistenceId), row.sequenceNr(), erased.throughMicros()));
            case RowsWritten written -> {
                var id = entity(persistenceId);
                rows.add(id.system(), id.entity(), id.key(), entry.at(), row.sequenceNr(), written);
                count(
                        JournalMoves.Kind.ROWS,
                        id.system() + "/" + id.entity() + "/" + written.view(),
                        written.rows().size());
            }
            case PredictionsLogged logged -> {
                int index = 0;
                for (var record : logged.predictions()) {
                    predictions.add(new Logged(record, persistenceId, row.sequenceNr(), index++));
                    count(JournalMoves.Kind.PREDICTIONS, record.system() + "/" + record.deployment(), 1);
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
