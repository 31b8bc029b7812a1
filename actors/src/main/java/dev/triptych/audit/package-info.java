/** What makes the system answerable for its past: replay of predictions, seals over the journal, the story of an entity. */
@NullMarked
package dev.triptych.audit;

import org.jspecify.annotations.NullMarked;
