/** What a cluster does to its clients while it is treated badly. */
@NullMarked
package dev.triptych.bench.chaos;

import org.jspecify.annotations.NullMarked;
