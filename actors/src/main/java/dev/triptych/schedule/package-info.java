@NullMarked
package dev.triptych.schedule;

import org.jspecify.annotations.NullMarked;
