package dev.triptych.store.features.domain;

import dev.triptych.kernel.Invalid;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What rows must be before they may become an event. */
final class RowsCheck {

    private static final int FEATURES_MAX = 1_000;

    private static final String TYPE_CODES = "bifst";

    private RowsCheck() {}

    static Optional<Invalid> check(List<String> names, String types, List<FeatureRow> rows) {
        if (names.isEmpty() || names.size() > FEATURES_MAX || new HashSet<>(names).size() != names.size()) {
            return Optional.of(
                    new Invalid("names", names.toString(), "1 to " + FEATURES_MAX + " features, each named once"));
        }
        if (types.length() != names.size() || !types.chars().allMatch(code -> TYPE_CODES.indexOf(code) >= 0)) {
            return Optional.of(new Invalid("types", types, "one of b, i, f, s, t for each of " + names));
        }
        if (rows.isEmpty() || rows.size() > FeatureState.ROWS_PER_WRITE_MAX) {
            return Optional.of(new Invalid(
                    "rows", rows.size() + " rows", "1 to " + FeatureState.ROWS_PER_WRITE_MAX + " rows of one key"));
        }
        for (int i = 0; i < rows.size(); i++) {
            Optional<Invalid> invalid = check(names, types, rows.get(i), "rows[" + i + "]");
            if (invalid.isPresent()) {
                return invalid;
            }
        }
        return Optional.empty();
    }

    private static Optional<Invalid> check(List<String> names, String types, FeatureRow row, String field) {
        if (row.eventMicros() < FeatureRow.EVENT_MICROS_MIN || row.eventMicros() > FeatureRow.EVENT_MICROS_MAX) {
            return Optional.of(new Invalid(
                    field + ".event_time", row.eventMicros() + " µs", "a time between the years 1 and 9999"));
        }
        if (row.values().size() != names.size()) {
            return Optional.of(
                    new Invalid(field + ".values", row.values().size() + " values", names.size() + " values"));
        }
        for (int i = 0; i < names.size(); i++) {
            Value value = row.values().get(i);
            String path = field + ".values." + names.get(i);
            FeatureType type = FeatureType.ofCode(types.charAt(i));
            if (!type.holds(value)) {
                return Optional.of(new Invalid(path, String.valueOf(value.raw()), type.label()));
            }
            if (value instanceof Value.Float64(double number) && !Double.isFinite(number)) {
                return Optional.of(new Invalid(path, String.valueOf(number), "a finite number, or null"));
            }
            if (value instanceof Value.Text(String text) && text.length() > Value.Text.LENGTH_MAX) {
                return Optional.of(new Invalid(path, text, "at most " + Value.Text.LENGTH_MAX + " characters"));
            }
        }
        return Optional.empty();
    }
}
