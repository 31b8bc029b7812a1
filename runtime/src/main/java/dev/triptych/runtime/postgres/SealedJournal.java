package dev.triptych.runtime.postgres;

import dev.triptych.audit.domain.Seal;
import dev.triptych.audit.domain.SealedRange;
import dev.triptych.store.features.Horizon;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How far the journal is sealed.
 *
 * @param number of the last seal; 0 where there is none
 * @param hash of the last seal
 * @param through the last row it covers
 */
record SealedJournal(long number, String hash, Horizon through) {

    static final SealedJournal NOTHING = new SealedJournal(0, Seal.GENESIS, Horizon.START);

    private static final String LAST = """
            SELECT number, hash, through_tx::text::bigint, through_ordering
            FROM journal_seal ORDER BY number DESC LIMIT 1""";

    private static final String INSERT = """
            INSERT INTO journal_seal (number, entries, hash, through_tx, through_ordering)
            VALUES (?, ?, ?, ?::text::xid8, ?)""";

    static SealedJournal in(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(LAST);
                var row = statement.executeQuery()) {
            return row.next()
                    ? new SealedJournal(row.getLong(1), row.getString(2), new Horizon(row.getLong(3), row.getLong(4)))
                    : NOTHING;
        }
    }

    Next next() {
        return new Next(this);
    }

    /** The range that follows, as its entries come by in commit order; those that are sealed already are passed over. */
    static final class Next implements CommitOrder.EntryReader {
        private final SealedJournal before;
        private final SealedRange range;
        private Horizon through;

        private Next(SealedJournal before) {
            this.before = before;
            this.range = new SealedRange(before.hash());
            this.through = before.through();
        }

        @Override
        public void read(CommitOrder.Entry entry) {
            if (entry.at().compareTo(through) > 0) {
                range.add(entry.row());
                through = entry.at();
            }
        }

        /** Closes the range in the open transaction; nothing is written where it is empty. */
        SealedJournal seal(Connection open) throws SQLException {
            if (range.entries() == 0) {
                return before;
            }
            var sealed = new SealedJournal(before.number() + 1, range.hash(), through);
            try (var statement = open.prepareStatement(INSERT)) {
                statement.setLong(1, sealed.number());
                statement.setLong(2, range.entries());
                statement.setString(3, sealed.hash());
                statement.setString(4, Long.toString(through.transaction()));
                statement.setLong(5, through.ordering());
                statement.executeUpdate();
            }
            return sealed;
        }
    }
}
