package dev.triptych.audit.domain;

import java.util.Optional;

/** What computing the seals again has shown. */
public sealed interface Verdict {

    /**
     * Every seal holds.
     *
     * @param last worth noting elsewhere; empty for a journal that was never sealed
     * @param sealed entries under a seal
     * @param unsealed entries that came after the last seal
     * @param erased entries whose payload was erased, each with an erasure of its entity in the journal
     */
    record Intact(Optional<Seal> last, long sealed, long unsealed, long erased) implements Verdict {}

    /**
     * The first range that is not what was sealed.
     *
     * @param firstEntry the range's first place in the journal's commit order, from 1
     * @param lastEntry its last place, inclusive
     * @param problem in one sentence
     */
    record Broken(long seal, long firstEntry, long lastEntry, String problem) implements Verdict {}
}
