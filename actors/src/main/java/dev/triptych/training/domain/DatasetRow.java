package dev.triptych.training.domain;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.features.domain.Values;
import java.util.List;

/**
 * A row of the spine with the features read as of its time.
 *
 * @param key the entity's key
 * @param eventMicros event time of the label, UTC microseconds
 * @param label never {@link Value.Null}
 * @param values one a read of the schema; {@link Value.Null} unless it was present
 */
public record DatasetRow(String key, long eventMicros, Value label, List<Value> values) {
    public DatasetRow {
        // As bits where there is no text: a million rows of boxed values are what collecting garbage would be busy
        // with.
        values = Values.copyOf(values);
    }
}
