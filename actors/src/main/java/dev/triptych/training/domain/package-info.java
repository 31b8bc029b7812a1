/** What training decides, without doing it: datasets, splits, metrics, gates, promotion, and the state of its runs. */
@org.jspecify.annotations.NullMarked
package dev.triptych.training.domain;
