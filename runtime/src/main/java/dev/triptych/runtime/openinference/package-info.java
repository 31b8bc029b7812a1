/** The Open Inference Protocol, version 2, in the words of no transport: gRPC and REST translate to it and back. */
@NullMarked
package dev.triptych.runtime.openinference;

import org.jspecify.annotations.NullMarked;
