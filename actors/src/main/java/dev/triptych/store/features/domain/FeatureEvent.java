package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import java.util.List;
import java.util.Optional;

/** What can happen to the features of one entity. */
public sealed interface FeatureEvent extends CborSerializable {

    /**
     * Rows of one view arrived together. Carries its own schema, so that the journal can be read without the
     * definition of its day.
     *
     * @param view the feature view's name
     * @param names features, in the order of every row's values
     * @param types one {@link FeatureType#code} a feature, in the same order
     * @param rows in the order they arrived
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
    }
}
