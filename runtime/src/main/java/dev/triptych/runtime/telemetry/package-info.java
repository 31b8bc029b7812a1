/** What a node tells of itself: metrics for Prometheus. */
@NullMarked
package dev.triptych.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
