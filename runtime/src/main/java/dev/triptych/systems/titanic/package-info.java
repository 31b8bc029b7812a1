/** The source of the Titanic system that SQL cannot be: its passenger generator. */
@NullMarked
package dev.triptych.systems.titanic;

import org.jspecify.annotations.NullMarked;
