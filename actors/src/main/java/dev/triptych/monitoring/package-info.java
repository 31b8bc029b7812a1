/** Watches what is served: drift, live quality, freshness and traffic, measured from the record; and alerts. */
@NullMarked
package dev.triptych.monitoring;

import org.jspecify.annotations.NullMarked;
