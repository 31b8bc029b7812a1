@NullMarked
package dev.triptych.store.models.domain;

import org.jspecify.annotations.NullMarked;
