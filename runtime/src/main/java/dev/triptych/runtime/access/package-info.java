/** Who may do what on a node: tokens and their roles, whatever transport brings them. */
@NullMarked
package dev.triptych.runtime.access;

import org.jspecify.annotations.NullMarked;
