package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import java.util.List;
import java.util.Optional;

/** What can happen to the features of one entity. */
public sealed interface FeatureEvent extends CborSerializable {

    /** Ingest time, UTC microseconds; ascending within a key. */
    long ingestMicros();

    /**
     * Rows of one view arrived together. Carries its own schema, so that the journal can be read without the
     * definition of its day.
     *
     * @param view the feature view's name
     * @param names features, in the order of every row's values
     * @param types one {@link FeatureType#code} a feature, in the same order
     * @param rows in the order they arrived, at least one; none where they were erased, and then no view either
     * @param ingestMicros ingest time, UTC microseconds
     * @param writeId the writer's own id of this write; a second write with it changes nothing
     */
    record RowsWritten(
            @JsonProperty("v") String view,
            @JsonProperty("n") List<String> names,
            @JsonProperty("t") String types,
            @JsonProperty("r") List<FeatureRow> rows,
            @JsonProperty("i") long ingestMicros,
            @JsonProperty("w") Optional<String> writeId)
            implements FeatureEvent {
        public RowsWritten {
            names = List.copyOf(names);
            rows = List.copyOf(rows);
        }

        /** Whether its values are gone for good: an {@link Erased} follows it. */
        public boolean wasErased() {
            return rows.isEmpty();
        }
    }

    /**
     * The entity was forgotten: every row before it is gone for good. What comes after is a new life of the key.
     *
     * @param throughMicros event time up to which rows belong to what was forgotten, also those that arrive later; UTC
     *     microseconds, inclusive
     * @param by who asked for it
     * @param reason why, in their words
     */
    record Erased(
            @JsonProperty("i") long ingestMicros,
            @JsonProperty("e") long throughMicros,
            @JsonProperty("b") String by,
            @JsonProperty("y") String reason)
            implements FeatureEvent {}
}
