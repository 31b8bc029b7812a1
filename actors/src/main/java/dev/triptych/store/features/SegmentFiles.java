package dev.triptych.store.features;

import dev.triptych.store.features.domain.FeatureEvent;
import java.util.List;

/**
 * The files of the offline store. What is written here counts only once the catalog names it, so a crash leaves at
 * most files that nobody names. Blocks; one thread at a time.
 */
public interface SegmentFiles extends AutoCloseable {

    /** An empty batch; closing it drops what was not written. */
    Batch begin();

    /** Writes one segment with all rows of several segments of one schema, and leaves those as they are. */
    Segment merge(List<Segment> segments);

    /** How many rows of a key a segment holds, of events before a sequence number. */
    long count(Segment segment, String key, long beforeSequenceNr);

    /**
     * Writes a segment with all rows of another but those of a key, of events before a sequence number, and leaves that
     * one as it is.
     *
     * @param left how many rows that are, at least 1
     */
    Segment without(Segment segment, String key, long beforeSequenceNr, long left);

    /** Paths of all files, half-written ones included. */
    List<String> paths();

    /** Removes a file, or finds it gone. */
    void delete(String path);

    @Override
    void close();

    /** Rows on their way into segments. */
    interface Batch extends AutoCloseable {

        /**
         * @param at the event's place in the journal
         * @param sequenceNr the event's number in its entity's journal
         */
        void add(String system, String entity, String key, Horizon at, long sequenceNr, FeatureEvent.RowsWritten event);

        /**
         * Writes a segment a schema; each is complete and on the disk under its final name. The names follow from what
         * is in them: the same events again overwrite the same files.
         */
        List<Segment> write();

        @Override
        void close();
    }
}
