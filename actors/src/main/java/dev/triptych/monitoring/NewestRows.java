package dev.triptych.monitoring;

import dev.triptych.definition.domain.ViewDefinition;
import java.util.Optional;

/** The newest rows of views. Blocks the calling thread, for milliseconds where little is new. */
public interface NewestRows {

    /**
     * @param eventMicros the latest event time of any row, which may be to come
     * @param ingestMicros when the last row arrived
     */
    record Newest(long rows, long eventMicros, long ingestMicros) {}

    /** Empty for a view without rows. */
    Optional<Newest> of(String system, ViewDefinition view);
}
