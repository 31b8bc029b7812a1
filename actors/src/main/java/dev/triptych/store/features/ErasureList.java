package dev.triptych.store.features;

import java.util.List;

/** Every erasure that was ever carried out. Blocks. */
public interface ErasureList {

    /** Of one entity type of a system. */
    List<Erasure> of(String system, String entity);
}
