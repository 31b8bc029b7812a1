package dev.triptych.inference;

import java.util.List;
import java.util.Optional;

/** The keys of a batch run, in key order (UTF-8 bytes), a chunk at a time. Blocks; one thread at a time. Close it. */
interface RunKeys extends AutoCloseable {

    /** @param unseen keys that were passed over, as they have no row at the run's instant */
    record Chunk(List<String> keys, int unseen) {}

    /** Empty at the end. */
    Optional<Chunk> next(int keysMax);

    @Override
    void close();
}
