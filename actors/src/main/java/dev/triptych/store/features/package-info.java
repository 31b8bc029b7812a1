@NullMarked
package dev.triptych.store.features;

import org.jspecify.annotations.NullMarked;
