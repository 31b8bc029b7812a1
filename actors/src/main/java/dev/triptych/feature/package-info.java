@NullMarked
package dev.triptych.feature;

import org.jspecify.annotations.NullMarked;
