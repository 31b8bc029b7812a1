package dev.triptych.store.features.domain;

import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Many events as few: all rows of a view that came in one schema as if they had come together. */
final class RunsOfRows {

    private record Run(List<RowsWritten> events) {

        boolean takes(RowsWritten next) {
            RowsWritten first = events.getFirst();
            return first.types().equals(next.types()) && first.names().equals(next.names());
        }

        RowsWritten together() {
            RowsWritten first = events.getFirst();
            if (events.size() == 1) {
                return first;
            }
            var rows = new ArrayList<FeatureRow>();
            events.forEach(event -> rows.addAll(event.rows()));
            return new RowsWritten(
                    first.view(), first.names(), first.types(), rows, first.ingestMicros(), Optional.empty());
        }
    }

    private RunsOfRows() {}

    /** Rows of each view in the order they arrived; the views among themselves in any order. */
    static List<RowsWritten> of(List<RowsWritten> events) {
        var ended = new ArrayList<RowsWritten>();
        Map<String, Run> open = new HashMap<>();
        for (RowsWritten written : events) {
            Run run = open.get(written.view());
            if (run == null || !run.takes(written)) {
                if (run != null) {
                    ended.add(run.together());
                }
                run = new Run(new ArrayList<>());
                open.put(written.view(), run);
            }
            run.events().add(written);
        }
        open.values().forEach(run -> ended.add(run.together()));
        return ended;
    }
}
