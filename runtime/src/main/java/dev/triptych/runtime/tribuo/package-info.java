/** Trainers, transformations and models: Tribuo, with XGBoost under it. */
@org.jspecify.annotations.NullMarked
package dev.triptych.runtime.tribuo;
