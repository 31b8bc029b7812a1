package dev.triptych.audit.domain;

import dev.triptych.audit.domain.Verdict.Broken;
import dev.triptych.audit.domain.Verdict.Intact;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes the chain of seals again over the rows of the journal, which come by in commit order, and finds the first
 * range that is not what was sealed.
 */
public final class SealCheck {

    private final Iterator<Seal> seals;
    private final Optional<NotedSeal> noted;

    private @Nullable Seal open;
    private SealedRange range = new SealedRange(Seal.GENESIS);
    private SealedRange formerRange = SealedRange.former(Seal.GENESIS);
    private final Erasures erasures = new Erasures();
    private boolean erasedInRange;
    private Optional<Seal> last = Optional.empty();
    private Optional<Broken> broken = Optional.empty();
    private long sealed;
    private long unsealed;

    /**
     * A seal that somebody wrote down elsewhere: whoever can rewrite the journal can rewrite the seals beside it, but not
     * this.
     */
    public record NotedSeal(long number, String hash) {}

    /** @param seals in the order of their numbers */
    public SealCheck(Iterator<Seal> seals, Optional<NotedSeal> noted) {
        this.seals = seals;
        this.noted = noted;
        openNext();
    }

    /** Whether a broken range was found: what follows changes nothing any more. */
    public boolean isOver() {
        return broken.isPresent();
    }

    public void add(JournalRow row) {
        if (isOver()) {
            return;
        }
        Seal current = open;
        if (current == null) {
            unsealed++;
            return;
        }
        if (!Erasures.hidesNothing(row)) {
            fail(current, "an entry is said to be erased and holds something all the same");
            return;
        }
        erasures.add(row, range(current));
        addToFormer(current, row);
        range.add(row);
        if (range.entries() == current.entries()) {
            close(current);
        }
    }

    /** A former hash cannot be computed again without the payloads. */
    private void addToFormer(Seal current, JournalRow row) {
        erasedInRange |= row.erasedHash().isPresent();
        if (current.former().isPresent() && !erasedInRange) {
            formerRange.add(row);
        }
    }

    /** After the last row. */
    public Verdict verdict() {
        if (broken.isEmpty()) {
            Seal current = open;
            if (current != null) {
                fail(current, "the journal ends after " + range.entries() + " of its entries");
            } else if (noted.isPresent() && noted.get().number() > number(last)) {
                breakAt(
                        new Erasures.Range(noted.get().number(), sealed + 1, sealed + 1),
                        "there is no such seal any more");
            } else {
                erasures.firstUnexplained()
                        .ifPresent(range -> breakAt(range, "an entry was erased, and the journal knows of no erasure"));
            }
        }
        return broken.isPresent() ? broken.get() : new Intact(last, sealed, unsealed, erasures.rows());
    }

    private void close(Seal current) {
        if (!range.hash(current.former()).equals(current.hash()) || !holdsAsFormer(current)) {
            fail(current, "its entries are not those that were sealed: one was changed, removed or slipped in");
            return;
        }
        if (noted.isPresent()
                && noted.get().number() == current.number()
                && !current.isKnownAs(noted.get().hash())) {
            fail(current, "it is not the seal that was noted: the journal and its seals were both rewritten");
            return;
        }
        sealed += current.entries();
        last = Optional.of(current);
        range = new SealedRange(current.hash());
        formerRange = SealedRange.former(current.former().orElse(Seal.GENESIS));
        erasedInRange = false;
        openNext();
    }

    private boolean holdsAsFormer(Seal current) {
        return current.former().isEmpty()
                || erasedInRange
                || formerRange.hash().equals(current.former().get());
    }

    private void openNext() {
        if (!seals.hasNext()) {
            open = null;
            return;
        }
        Seal next = seals.next();
        long expected = number(last) + 1;
        if (next.number() == expected && next.entries() > 0) {
            open = next;
        } else {
            breakAt(new Erasures.Range(expected, sealed + 1, sealed + 1), "the seal was removed");
        }
    }

    private void fail(Seal seal, String problem) {
        breakAt(range(seal), problem);
    }

    private Erasures.Range range(Seal seal) {
        return new Erasures.Range(seal.number(), sealed + 1, sealed + seal.entries());
    }

    private void breakAt(Erasures.Range range, String problem) {
        broken = Optional.of(new Broken(range.seal(), range.firstEntry(), range.lastEntry(), problem));
    }

    private static long number(Optional<Seal> seal) {
        return seal.map(Seal::number).orElse(0L);
    }
}
