/** The certificates that a node shows: read from PEM files, checked, and read again when they change. */
@NullMarked
package dev.triptych.runtime.tls;

import org.jspecify.annotations.NullMarked;
