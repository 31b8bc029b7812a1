/** Alerts on their way out. */
@NullMarked
package dev.triptych.runtime.webhook;

import org.jspecify.annotations.NullMarked;
