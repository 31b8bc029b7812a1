package dev.triptych.runtime.postgres;

import dev.triptych.audit.JournalSeals;
import dev.triptych.audit.domain.Seal;
import dev.triptych.audit.domain.SealCheck;
import dev.triptych.audit.domain.SealCheck.NotedSeal;
import dev.triptych.audit.domain.Verdict;
import dev.triptych.store.features.Horizon;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The seals in the table beside the journal. A check reads journal and seals in one snapshot, bit by bit. */
public final class PostgresJournalSeals implements JournalSeals {

    private static final int FETCH_ROWS = 500;
    private static final int ROWS_BETWEEN_REPORTS = 10_000;

    private static final String SEALS = "SELECT number, entries, hash, former_hash FROM journal_seal ORDER BY number";
    private static final String ROWS = "SELECT " + JournalRows.COLUMNS + " FROM event_journal ORDER BY tx, ordering";
    private static final String ENTRIES = "SELECT coalesce(sum(entries), 0) FROM journal_seal";

    private final DataSource database;
    private final Executor executor;
    private final Supplier<CompletionStage<Horizon>> catchUp;

    /**
     * @param executor runs the checks, which block
     * @param catchUp answers once everything committed before its call is projected, and so sealed
     */
    public PostgresJournalSeals(DataSource database, Executor executor, Supplier<CompletionStage<Horizon>> catchUp) {
        this.database = database;
        this.executor = executor;
        this.catchUp = catchUp;
    }

    @Override
    public CompletionStage<Verdict> verify(Optional<NotedSeal> noted, LongConsumer checked) {
        return catchUp.get().thenApplyAsync(horizon -> run(connection -> verify(connection, noted, checked)), executor);
    }

    @Override
    public CompletionStage<Long> entries() {
        return CompletableFuture.supplyAsync(() -> run(PostgresJournalSeals::entries), executor);
    }

    private static Verdict verify(Connection connection, Optional<NotedSeal> noted, LongConsumer checked)
            throws SQLException {
        try (var seals = streaming(connection, SEALS);
                var sealed = seals.executeQuery();
                var journal = streaming(connection, ROWS);
                var rows = journal.executeQuery()) {
            var check = new SealCheck(new SealRows(sealed), noted);
            long read = 0;
            while (!check.isOver() && rows.next()) {
                check.add(JournalRows.at(rows, 1));
                if (++read % ROWS_BETWEEN_REPORTS == 0) {
                    checked.accept(read);
                }
            }
            return check.verdict();
        }
    }

    private static long entries(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(ENTRIES);
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static PreparedStatement streaming(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(FETCH_ROWS);
        return statement;
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T run(Query<T> query) {
        try (var connection = database.getConnection()) {
            // One snapshot for both tables; and a driver that fetches bit by bit only inside a transaction.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try {
                return query.run(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the journal cannot be read: " + e.getMessage(), e);
        }
    }

    /** The seals of a result, one after the other. */
    private static final class SealRows implements Iterator<Seal> {
        private final ResultSet rows;
        private boolean there;

        SealRows(ResultSet rows) throws SQLException {
            this.rows = rows;
            this.there = rows.next();
        }

        @Override
        public boolean hasNext() {
            return there;
        }

        @Override
        public Seal next() {
            if (!there) {
                throw new NoSuchElementException("the last seal was taken");
            }
            try {
                var seal = new Seal(
                        rows.getLong(1), rows.getLong(2), rows.getString(3), Optional.ofNullable(rows.getString(4)));
                there = rows.next();
                return seal;
            } catch (SQLException e) {
                throw new IllegalStateException("the seals cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
