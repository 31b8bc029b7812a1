/**
 * The services as HTTP and JSON, by what the service contract says of each call (google.api.http): a request is made of
 * the path, the query and the body, handed to the same service that gRPC reaches, and its answer written in protobuf's
 * JSON mapping.
 */
@NullMarked
package dev.triptych.runtime.http.api;

import org.jspecify.annotations.NullMarked;
