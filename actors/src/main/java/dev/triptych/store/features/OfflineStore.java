package dev.triptych.store.features;

import dev.triptych.store.features.domain.FeatureEvent;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The journal's feature rows as Parquet, for reading many keys at once. */
public interface OfflineStore {

    /**
     * Freezes the journal: answers once everything committed before this call is in the offline store. Milliseconds
     * when the tailer keeps up; the caller bounds the wait.
     */
    CompletionStage<Horizon> freeze();

    /**
     * Every key of an entity that has a row in one of the views, with all its rows up to the horizon, in key order
     * (UTF-8 bytes). Blocks the calling thread while reading; seconds for ten million rows. Close it.
     */
    Histories histories(String system, String entity, List<String> views, Horizon horizon);

    /**
     * The same histories in slices that can be read at once: every key has its whole history on one slice, and its keys
     * come before those of the next. Close them when all are read.
     */
    default Slices slices(String system, String entity, List<String> views, Horizon horizon) {
        return Slices.ofOne(() -> histories(system, entity, views, horizon));
    }

    interface Slices extends AutoCloseable {

        static Slices ofOne(Supplier<Histories> histories) {
            return new Slices() {
                @Override
                public int count() {
                    return 1;
                }

                @Override
                public int atOnce() {
                    return 1;
                }

                @Override
                public Histories open(int slice) {
                    return histories.get();
                }

                @Override
                public void close() {
                    // Nothing is held beside what is open.
                }
            };
        }

        /** At least 1. */
        int count();

        /** How many may be open at a time: they divide among them what a read may use. */
        int atOnce();

        /**
         * On any thread, which then reads it.
         *
         * @param slice from 0
         */
        Histories open(int slice);

        @Override
        void close();
    }

    interface Histories extends Iterator<KeyHistory>, AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param key the entity's key
     * @param events in ingest order; write ids are not kept
     */
    record KeyHistory(String key, List<FeatureEvent> events) {}
}
