package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        var present = new ArrayList<Value>(values.size());
        for (@Nullable Value value : values) {
            present.add(value == null ? Value.Null.NULL : value);
        }
        values = Collections.unmodifiableList(present);
    }
}
