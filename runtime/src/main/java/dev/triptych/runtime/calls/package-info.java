/** The services a node serves, called in its own process: what carries HTTP's requests to what answers gRPC's. */
@NullMarked
package dev.triptych.runtime.calls;

import org.jspecify.annotations.NullMarked;
