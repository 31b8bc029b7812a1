package dev.triptych.training;

import dev.triptych.training.domain.Dataset;

/** Keeps training datasets by their hash, so that anyone can look at what a version was trained on. */
public interface DatasetSnapshots {

    /**
     * Keeps a dataset; one that is kept already is left alone. All of it is there, or nothing, but for rows that were
     * erased since it was read. Blocks; a second for a million rows.
     *
     * @param system whose entities its keys name
     * @param entity their type
     */
    void keep(String system, String entity, Dataset dataset);
}
