package dev.triptych.definition.domain;

import java.util.Optional;

/** How rows are held out for evaluation. */
public sealed interface SplitDefinition {

    /** Rows with the same value of this input never straddle a split; empty groups by the entity's key. */
    Optional<String> group();

    /**
     * Held out by a seeded hash of the group.
     *
     * @param testFraction in (0, 1)
     */
    record Hash(double testFraction, Optional<String> group) implements SplitDefinition {}

    /**
     * The latest rows by label time are held out.
     *
     * @param testFraction in (0, 1)
     */
    record Time(double testFraction) implements SplitDefinition {
        @Override
        public Optional<String> group() {
            return Optional.empty();
        }
    }

    /**
     * Every row is held out once; metrics are over all held-out predictions together, and the version is fitted on all
     * rows.
     *
     * @param folds at least 2
     */
    record KFold(int folds, Optional<String> group) implements SplitDefinition {}
}
