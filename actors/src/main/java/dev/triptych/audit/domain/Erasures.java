package dev.triptych.audit.domain;

import dev.triptych.store.features.domain.ErasedRows;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether what is missing from the journal was erased: rows of an entity whose erasure is in the journal itself, after
 * them. As rows come by, in commit order.
 */
final class Erasures {

    private static final String ERASURE = FeatureEvent.Erased.class.getName();

    /** Only entities' rows are ever erased. */
    private static final String ERASABLE = "feature|";

    /** The first seal over rows that were erased while no erasure has come by, by persistence id; oldest first. */
    private final Map<String, Range> unexplained = new LinkedHashMap<>();

    private long rows;

    /** A range of the journal, see {@link Verdict.Broken}. */
    record Range(long seal, long firstEntry, long lastEntry) {}

    /** Whether a row is as it was written, or holds nothing but that it was erased. */
    static boolean hidesNothing(JournalRow row) {
        return row.erasedHash().isEmpty()
                || row.persistenceId().startsWith(ERASABLE)
                        && Arrays.equals(row.payload(), ErasedRows.payload(row.writeMillis()));
    }

    void add(JournalRow row, Range range) {
        if (row.erasedHash().isPresent()) {
            rows++;
            unexplained.putIfAbsent(row.persistenceId(), range);
        } else if (row.manifest().equals(ERASURE)) {
            unexplained.remove(row.persistenceId());
        }
    }

    /** How many rows were erased. */
    long rows() {
        return rows;
    }

    Optional<Range> firstUnexplained() {
        return unexplained.values().stream().findFirst();
    }
}
