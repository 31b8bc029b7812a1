/** The journal and what is projected from it, in PostgreSQL: JDBC lives here and nowhere else. */
@NullMarked
package dev.triptych.runtime.postgres;

import org.jspecify.annotations.NullMarked;
