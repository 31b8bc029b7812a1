package dev.triptych.store.features;

import dev.triptych.store.features.domain.FeatureEvent;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;

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
