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

    /** 0001-01-01 and 9999-12-31, the years that every tool around can hold. */
    public static final long EVENT_MICROS_MIN = -62_135_596_800_000_000L;

    public static final long EVENT_MICROS_MAX = 253_402_300_799_999_999L;

    public FeatureRow {
        values = Values.copyOf(values);
    }
}
