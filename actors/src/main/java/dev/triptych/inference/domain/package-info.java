@NullMarked
package dev.triptych.inference.domain;

import org.jspecify.annotations.NullMarked;
