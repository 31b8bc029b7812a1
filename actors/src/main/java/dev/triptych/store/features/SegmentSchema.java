package dev.triptych.store.features;

import java.util.List;

/**
 * What all rows of a segment share. A view whose features change has segments of several schemas, which are never
 * forced into one: every row keeps the names and types it was written with.
 *
 * @param names features, in the order of every row's values
 * @param types one {@link dev.triptych.store.features.domain.FeatureType#code} a feature, in the same order
 */
public record SegmentSchema(String system, String entity, String view, List<String> names, String types) {
    public SegmentSchema {
        names = List.copyOf(names);
    }
}
