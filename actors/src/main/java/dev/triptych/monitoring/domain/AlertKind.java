package dev.triptych.monitoring.domain;

/** What an alert is about. */
public enum AlertKind {
    /** A feature, or the output, of a deployment is no longer what its version learnt from. */
    DRIFT,
    /** A live metric of a deployment is beyond its bound. */
    QUALITY,
    /** The newest row of a view is too old. */
    FRESHNESS
}
