@NullMarked
package dev.triptych.inference;

import org.jspecify.annotations.NullMarked;
