/** The public gRPC interface: translates requests to the actors, and their refusals to statuses. */
@NullMarked
package dev.triptych.runtime.grpc;

import org.jspecify.annotations.NullMarked;
