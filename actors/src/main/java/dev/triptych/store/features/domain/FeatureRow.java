package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * The values of one view for one key from an event time on.
 *
 * @param eventMicros event time, UTC microseconds
 * @param values in the order of the schema beside it; absent values are {@link Value.Null}
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"eventMicros", "values"})
public record FeatureRow(long eventMicros, List<Value> values) {

    public FeatureRow {
        values = Values.copyOf(values);
    }
}
