package dev.triptych.inference.domain;

import dev.triptych.store.features.domain.Value;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a key at an instant.
 *
 * @param rows one a view, in the order asked for; empty where no row of the view is visible
 */
public record KeyAsOf(String key, List<Optional<Row>> rows) {
    public KeyAsOf {
        rows = List.copyOf(rows);
    }

    /**
     * @param eventMicros event time of the row, UTC microseconds
     * @param values one a feature of the view, as a model takes them: null where missing or too old
     */
    public record Row(long eventMicros, List<Value> values) {
        public Row {
            values = List.copyOf(values);
        }
    }
}
