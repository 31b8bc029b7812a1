@NullMarked
package dev.triptych.store.models;

import org.jspecify.annotations.NullMarked;
