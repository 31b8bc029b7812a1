/** The command line. Everything but {@code node}, {@code demo} and {@code check} talks to a running node over gRPC. */
@NullMarked
package dev.triptych.runtime.cli;

import org.jspecify.annotations.NullMarked;
