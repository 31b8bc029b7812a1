package dev.triptych.store.features;

import java.util.List;

/** Copies of feature rows that are kept apart from journal and offline store. */
public interface RowCopies {

    /**
     * Removes every copy of rows that were erased; what was removed already is left alone, so that doing it again after a
     * crash finishes it. Blocks.
     */
    void erase(List<Erasure> erasures);
}
