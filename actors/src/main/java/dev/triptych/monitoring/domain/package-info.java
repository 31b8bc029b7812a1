/** How live data is compared with what was learnt, and what alerts follow. */
@NullMarked
package dev.triptych.monitoring.domain;

import org.jspecify.annotations.NullMarked;
