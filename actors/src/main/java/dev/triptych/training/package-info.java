@NullMarked
package dev.triptych.training;

import org.jspecify.annotations.NullMarked;
