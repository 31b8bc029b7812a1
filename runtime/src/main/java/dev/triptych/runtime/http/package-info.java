/** The node's HTTP port: one server, whose routes are composed of one class a subject. */
@NullMarked
package dev.triptych.runtime.http;

import org.jspecify.annotations.NullMarked;
