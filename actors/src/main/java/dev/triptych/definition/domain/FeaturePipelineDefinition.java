package dev.triptych.definition.domain;

import java.nio.file.Path;
import java.util.List;

/**
 * Raw rows to feature rows: a source, and a transformation for every view written.
 *
 * @param badRows what a raw row that cannot be read means for the run
 */
public record FeaturePipelineDefinition(
        String name, Cadence cadence, SourceDefinition source, BadRows badRows, List<Output> outputs) {
    public FeaturePipelineDefinition {
        outputs = List.copyOf(outputs);
    }

    public enum BadRows {
        /** The run ends and writes nothing. */
        FAIL,
        /** The row is set aside, counted and reported; the run goes on. */
        QUARANTINE
    }

    /**
     * @param view the view written
     * @param file the SQL file, for messages
     * @param sql one SELECT over {@code source} that gives the entity's key column, {@code event_time}, and a column
     *     for every feature of the view
     */
    public record Output(String view, Path file, String sql) {}
}
