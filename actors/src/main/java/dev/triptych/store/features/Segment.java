package dev.triptych.store.features;

/**
 * One immutable file of the offline store.
 *
 * @param path relative to the offline store's folder, with forward slashes
 * @param first the first event it holds rows of
 * @param last the last event it holds rows of
 * @param rows at least 1
 */
public record Segment(SegmentSchema schema, String path, Horizon first, Horizon last, long rows) {}
