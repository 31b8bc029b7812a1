/** A system as its user declares it: read, checked, and made into one immutable model. */
@NullMarked
package dev.triptych.definition;

import org.jspecify.annotations.NullMarked;
