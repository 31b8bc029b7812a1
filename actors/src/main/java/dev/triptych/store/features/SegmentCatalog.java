package dev.triptych.store.features;

import java.util.List;

/** Knows which segments make up the offline store. Blocks for milliseconds. */
public interface SegmentCatalog {

    /**
     * Segments that hold every row of the views up to the horizon, and perhaps rows after it. Their files stay for an
     * hour at least, also where a merge replaces them.
     */
    List<Segment> segments(String system, String entity, List<String> views, Horizon horizon);
}
