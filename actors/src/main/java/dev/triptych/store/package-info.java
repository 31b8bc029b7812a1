/** The shared data layer: features, models, and the tailer that projects the journal. */
@NullMarked
package dev.triptych.store;

import org.jspecify.annotations.NullMarked;
