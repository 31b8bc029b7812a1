package dev.triptych.runtime.postgres;

/** What a projection passes on its way; a crash between any two of them loses nothing and doubles nothing. */
enum ProjectionStep {
    LOCKED,
    SWEPT,
    BATCH_READ,
    SEGMENTS_WRITTEN,
    JOURNAL_ERASED,
    SEGMENTS_ERASED,
    OFFSET_MOVED,
    SEALED,
    BATCH_COMMITTED,
    COPIES_ERASED,
    MERGE_WRITTEN,
    MERGE_COMMITTED,
    OUTLIVED_DELETED
}
