package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key's rows in one view: one for each event time, the last ingested, in event-time order.
 *
 * @param rows ascending
 * @param floorMicros rows before this event time may be missing; {@link Long#MIN_VALUE} where none is
 */
record ViewRows(
        @JsonProperty("r") List<Kept> rows,
        @JsonProperty("f") long floorMicros) {

    static final ViewRows NONE = new ViewRows(List.of(), Long.MIN_VALUE);

    /** A row with its own schema, since a view's may change over time. */
    record Kept(
            @JsonProperty("s") FeatureSchema schema,
            @JsonProperty("r") FeatureRow row) {

        boolean says(FeatureSchema otherSchema, FeatureRow other) {
            return schema.equals(otherSchema) && row.values().equals(other.values());
        }
    }

    ViewRows {
        rows = List.copyOf(rows);
    }

    /** Merges an event's rows, then lets go of what the retention does not keep. */
    ViewRows plus(FeatureSchema schema, List<FeatureRow> arrived, long ingestMicros, Retention retention) {
        var merged = new ArrayList<Kept>(rows.size() + arrived.size());
        List<FeatureRow> sorted = inOrder(arrived);
        int old = 0;
        for (int i = 0; i < sorted.size(); i++) {
            FeatureRow row = sorted.get(i);
            boolean repeatedLater = i + 1 < sorted.size() && sorted.get(i + 1).eventMicros() == row.eventMicros();
            if (repeatedLater) {
                continue;
            }
            while (old < rows.size() && rows.get(old).row().eventMicros() < row.eventMicros()) {
                merged.add(rows.get(old++));
            }
            if (old < rows.size() && rows.get(old).row().eventMicros() == row.eventMicros()) {
                old++;
            }
            merged.add(new Kept(schema, row));
        }
        while (old < rows.size()) {
            merged.add(rows.get(old++));
        }
        return trimmed(merged, ingestMicros, retention);
    }

    /** Stable, so that of two rows of one time the later arrived stays last; free where they are in order already. */
    private static List<FeatureRow> inOrder(List<FeatureRow> arrived) {
        for (int i = 1; i < arrived.size(); i++) {
            if (arrived.get(i).eventMicros() < arrived.get(i - 1).eventMicros()) {
                var sorted = new ArrayList<>(arrived);
                sorted.sort((a, b) -> Long.compare(a.eventMicros(), b.eventMicros()));
                return sorted;
            }
        }
        return arrived;
    }

    private ViewRows trimmed(List<Kept> merged, long ingestMicros, Retention retention) {
        int visible = merged.size();
        while (visible > 0 && merged.get(visible - 1).row().eventMicros() > ingestMicros) {
            visible--;
        }
        int dropped = visible - retention.rowsPerView();
        if (dropped <= 0) {
            return new ViewRows(merged, floorMicros);
        }
        List<Kept> kept = merged.subList(dropped, merged.size());
        return new ViewRows(kept, Math.max(floorMicros, kept.getFirst().row().eventMicros()));
    }

    /** The newest row at or before an instant, or strictly before it. */
    @Nullable
    Kept visible(long asOfMicros, FeatureRead.Boundary boundary) {
        int low = 0;
        int high = rows.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            long time = rows.get(middle).row().eventMicros();
            boolean seen = boundary == FeatureRead.Boundary.INCLUSIVE ? time <= asOfMicros : time < asOfMicros;
            if (seen) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? null : rows.get(low - 1);
    }

    /** The row at exactly this event time. */
    @Nullable
    Kept at(long eventMicros) {
        Kept newest = visible(eventMicros, FeatureRead.Boundary.INCLUSIVE);
        return newest != null && newest.row().eventMicros() == eventMicros ? newest : null;
    }
}
