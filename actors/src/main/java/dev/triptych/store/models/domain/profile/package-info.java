/** What is known of a version's inputs, output and quality beyond its metrics; what live data is compared with. */
@NullMarked
package dev.triptych.store.models.domain.profile;

import org.jspecify.annotations.NullMarked;
