@NullMarked
package dev.triptych.schedule.domain;

import org.jspecify.annotations.NullMarked;
