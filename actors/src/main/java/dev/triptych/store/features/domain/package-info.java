@NullMarked
package dev.triptych.store.features.domain;

import org.jspecify.annotations.NullMarked;
