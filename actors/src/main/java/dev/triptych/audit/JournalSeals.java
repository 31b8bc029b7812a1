package dev.triptych.audit;

import dev.triptych.audit.domain.SealCheck.NotedSeal;
import dev.triptych.audit.domain.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** The seals over the journal, computed again from every row. */
public interface JournalSeals {

    /**
     * Verifies what was committed before this call; seconds for a million entries. Fails where the database cannot be
     * read.
     *
     * @param noted a seal that was written down elsewhere and must still be the same
     * @param checked told from time to time how many entries were read, on another thread
     */
    CompletionStage<Verdict> verify(Optional<NotedSeal> noted, LongConsumer checked);

    /** How many entries the seals cover, for a sense of how long {@link #verify} takes. */
    CompletionStage<Long> entries();
}
