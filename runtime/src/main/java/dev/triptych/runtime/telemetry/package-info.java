/** What a node tells of itself: metrics for Prometheus, and traces for an OpenTelemetry collector. */
@NullMarked
package dev.triptych.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
