package dev.triptych.store;

import dev.triptych.store.features.Horizon;
import java.util.List;

/**
 * Carries the journal into what is made of it, in commit order and exactly once. Blocks; one thread at a time. A step
 * that throws has changed nothing that counts, and the next call starts from where the last good step ended.
 */
public interface JournalProjection extends AutoCloseable {

    /**
     * Projects the next batch, or finds that there is none. Milliseconds when idle, a second or so for a full batch.
     *
     * @throws ProjectionException if the database, the disk or an event stood in the way; the message is one sentence
     */
    Step advance();

    /** Lets go of connections and locks; a later {@link #advance} takes them again. */
    @Override
    void close();

    /**
     * How far a step came. Transactions have ids in the order they began; those below {@code settledBelow} have all
     * ended.
     *
     * @param horizon the last event that is projected
     * @param settledBelow every event of a transaction with a smaller id is projected
     * @param begunBelow every transaction that had begun when the step began has a smaller id
     * @param events read by this step
     * @param more whether the batch was full, so that more is likely waiting
     * @param moves what it projected, each path once
     */
    record Step(
            Horizon horizon,
            long settledBelow,
            long begunBelow,
            int events,
            boolean more,
            List<JournalMoves.Move> moves) {
        public Step {
            moves = List.copyOf(moves);
        }

        /** A step of which nothing is told. */
        public Step(Horizon horizon, long settledBelow, long begunBelow, int events, boolean more) {
            this(horizon, settledBelow, begunBelow, events, more, List.of());
        }
    }

    /** Names what stood in the way, in one sentence. */
    final class ProjectionException extends RuntimeException {
        public ProjectionException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
