package dev.triptych.runtime.postgres;

import dev.triptych.audit.domain.JournalRow;
import dev.triptych.store.features.Horizon;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Reads the journal in an order in which nothing ever appears late.
 *
 * <p>Ordering numbers are drawn before a transaction commits, so a later number can become visible first, and a reader
 * that went past it would never see the earlier one. Every journal row therefore carries the id of its transaction, and
 * rows are read by {@code (tx, ordering)} only where all transactions with such an id have ended: below the
 * {@code xmin} of a snapshot. What is below stays as it is for good; an aborted transaction left nothing there.
 */
final class CommitOrder {

    /** Rows that the driver holds in memory at once. */
    private static final int FETCH_ROWS = 500;

    private static final String SNAPSHOT = """
            SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
            FROM pg_current_snapshot() s""";

    private static final String NEXT = """
            SELECT tx::text::bigint, ordering, %s
            FROM event_journal
            WHERE (tx, ordering) > (?::text::xid8, ?) AND tx < ?::text::xid8
            ORDER BY tx, ordering
            LIMIT ?""".formatted(JournalRows.COLUMNS);

    private CommitOrder() {}

    /**
     * Which transactions were over when it was taken.
     *
     * @param settledBelow every transaction with a smaller id has ended
     * @param begunBelow every transaction that had begun has a smaller id
     */
    record Snapshot(long settledBelow, long begunBelow) {}

    /** One journal row, and its place. */
    record Entry(Horizon at, JournalRow row) {}

    interface EntryReader {
        void read(Entry entry) throws SQLException;
    }

    /**
     * What was read.
     *
     * @param last the place of the last entry, or where the reading began
     * @param full whether a bound ended it, and not the journal
     */
    record Batch(Horizon last, int entries, boolean full) {}

    static Snapshot snapshot(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(SNAPSHOT);
                var row = statement.executeQuery()) {
            row.next();
            return new Snapshot(row.getLong(1), row.getLong(2));
        }
    }

    /**
     * Reads entries after a place and below a snapshot, in order, up to either bound. Inside a transaction, so that the
     * driver fetches them bit by bit.
     */
    static Batch read(
            Connection connection, Horizon after, Snapshot snapshot, int entriesMax, long bytesMax, EntryReader reader)
            throws SQLException {
        Horizon last = after;
        int entries = 0;
        long bytes = 0;
        try (var statement = connection.prepareStatement(NEXT)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setString(1, Long.toString(after.transaction()));
            statement.setLong(2, after.ordering());
            statement.setString(3, Long.toString(snapshot.settledBelow()));
            statement.setInt(4, entriesMax);
            try (var rows = statement.executeQuery()) {
                while (bytes < bytesMax && rows.next()) {
                    var entry = new Entry(new Horizon(rows.getLong(1), rows.getLong(2)), JournalRows.at(rows, 3));
                    reader.read(entry);
                    last = entry.at();
                    bytes += entry.row().payload().length;
                    entries++;
                }
            }
        }
        return new Batch(last, entries, entries == entriesMax || bytes >= bytesMax);
    }
}
