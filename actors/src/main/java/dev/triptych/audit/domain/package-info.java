/** What makes the journal tamper-evident: its chain of seals, without a database or a clock. */
@NullMarked
package dev.triptych.audit.domain;

import org.jspecify.annotations.NullMarked;
