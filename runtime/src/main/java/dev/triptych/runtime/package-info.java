/** Assembly: reads the configuration, wires actors to drivers, starts and stops. */
@NullMarked
package dev.triptych.runtime;

import org.jspecify.annotations.NullMarked;
