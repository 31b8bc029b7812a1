@NullMarked
package dev.triptych.definition.domain;

import org.jspecify.annotations.NullMarked;
