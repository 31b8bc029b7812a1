package dev.triptych.feature;

import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.domain.FeatureRow;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads a pipeline's source and runs its transformations. Blocks; runs on the pipeline's own threads. */
public interface Extraction {

    /**
     * Reads and checks the whole source before the first row is given out, so that a run that must fail has written
     * nothing.
     *
     * @throws UnreadableSourceException if the source or a transformation's result cannot be used; the message names
     *     file, line, column and value
     */
    Extracted extract(SystemDefinition system, FeaturePipelineDefinition pipeline, RunRequest request);

    /** Raw rows made into feature rows. Close it. */
    interface Extracted extends AutoCloseable {

        /** Raw rows read, the rejected ones included. */
        long rowsRead();

        /** Raw and transformed rows that were set aside. */
        long rowsRejected();

        /** The first hundred rejected rows: {@code file:line: column: value (expected: …)}. */
        List<String> rejections();

        /** Where a generator now stands; empty for files. */
        Optional<String> cursor();

        /** Feature rows of all outputs together, for progress. */
        long rowsToWrite();

        /** An output's rows in key order; rows of a key together, in event time order. */
        Iterator<KeyRows> rows(FeaturePipelineDefinition.Output output);

        @Override
        void close();
    }

    /** @param rows at most a thousand; a key with more comes in several */
    record KeyRows(String key, List<FeatureRow> rows) {}

    /** Names file, line, column and value in its message. */
    final class UnreadableSourceException extends RuntimeException {
        private final List<String> rejections;

        public UnreadableSourceException(String message, List<String> rejections) {
            super(message);
            this.rejections = List.copyOf(rejections);
        }

        /** @param cause what a generator threw */
        public UnreadableSourceException(String message, List<String> rejections, Throwable cause) {
            super(message, cause);
            this.rejections = List.copyOf(rejections);
        }

        public List<String> rejections() {
            return rejections;
        }
    }
}
