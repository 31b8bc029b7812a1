/** What makes the system answerable for its past: replay of predictions from the journal. */
@NullMarked
package dev.triptych.audit;

import org.jspecify.annotations.NullMarked;
