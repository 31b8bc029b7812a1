package dev.triptych.inference;

import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.util.Iterator;
import java.util.List;

/** The results of a batch run as a file for other tools. */
public interface BatchFiles {

    /** @param name where the file is, within the node's data */
    record Written(String name, long predictions) {}

    /**
     * Writes the run's file, which appears complete or not at all; the same run again replaces it. Blocks; a second or
     * so for a million results.
     *
     * @param outputs what each of a result's scores is for
     */
    Written write(BatchRun run, List<String> outputs, Iterator<BatchPrediction> predictions);
}
