/** Every speed claim, measured beside its baseline in the same run. */
@NullMarked
package dev.triptych.bench;

import org.jspecify.annotations.NullMarked;
