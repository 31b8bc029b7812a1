@NullMarked
package dev.triptych.kernel;

import org.jspecify.annotations.NullMarked;
