package dev.triptych.training.domain;

import dev.triptych.store.features.domain.Value;
import java.util.List;
import java.util.OptionalInt;

/**
 * A training dataset, point-in-time correct.
 *
 * @param rows in order of key (UTF-8 bytes), then event time
 * @param rowsWithoutLabel rows of the spine left out because their label is missing
 * @param hash SHA-256 in hex over schema and rows
 */
public record Dataset(DatasetSchema schema, List<DatasetRow> rows, long rowsWithoutLabel, String hash) {
    public Dataset {
        rows = List.copyOf(rows);
    }

    public int size() {
        return rows.size();
    }

    /** The model's inputs of a row, without what only split and baselines look at. */
    public List<Value> inputs(int row) {
        return rows.get(row).values().subList(0, schema.inputs());
    }

    public Value label(int row) {
        return rows.get(row).label();
    }

    /**
     * What groups a row for the split: equal for rows that must not straddle it. A row whose group is missing is
     * grouped with the other rows of its key.
     */
    public String group(int row) {
        OptionalInt index = schema.group();
        Value value = index.isEmpty() ? Value.Null.NULL : rows.get(row).values().get(index.getAsInt());
        return switch (value) {
            case Value.Null missing -> "key:" + rows.get(row).key();
            case Value.Bool bool -> "value:" + bool.value();
            case Value.Int64 number -> "value:" + number.value();
            case Value.Float64 number -> "value:" + number.value();
            case Value.Text text -> "value:" + text.value();
        };
    }
}
