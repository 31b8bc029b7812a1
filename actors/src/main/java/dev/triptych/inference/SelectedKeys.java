package dev.triptych.inference;

import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.domain.BatchRun;
import dev.triptych.inference.domain.KeyAsOf;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keys of batch runs that are named by SQL or by a file. They are chosen once for a run, before its first prediction,
 * and kept: an attempt that takes the run up again goes over the same keys, whatever has been written meanwhile.
 */
public interface SelectedKeys {

    /**
     * What is chosen from.
     *
     * @param keyColumn what the entity's key is called in SQL and files
     * @param views of the entity
     * @param asOfMicros the run's instant, UTC microseconds
     */
    record Choice(String keyColumn, List<ViewDefinition> views, long asOfMicros) {
        public Choice {
            views = List.copyOf(views);
        }
    }

    /** Every key of the entity that has a row at the run's instant, with its features then. Close it. */
    interface KeysAsOf extends Iterator<KeyAsOf>, AutoCloseable {
        @Override
        void close();
    }

    /** @param visible whether the key has a row at the run's instant */
    record SelectedKey(String key, boolean visible) {}

    /** In key order (UTF-8 bytes), each once. Close it. */
    interface Selected extends Iterator<SelectedKey>, AutoCloseable {
        @Override
        void close();
    }

    /**
     * The run's keys. Blocks; seconds for a million keys when they are chosen.
     *
     * @param from opened only where the run's keys have not been chosen yet
     * @throws UnselectableException if the SQL or the file is at fault
     */
    Selected of(BatchRun run, KeySelection selection, Choice choice, Supplier<KeysAsOf> from);

    /** Names file, line and mend. */
    final class UnselectableException extends RuntimeException {
        public UnselectableException(String message) {
            super(message);
        }
    }
}
