/**
 * Models as primitive arrays: trees and linear weights that are evaluated and explained without any library. What they
 * give equals, bit for bit, what the library that trained them gives.
 */
@org.jspecify.annotations.NullMarked
package dev.triptych.store.models.domain.evaluator;
