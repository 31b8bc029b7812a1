package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.runtime.postgres.CommitOrder.Entry;
import dev.triptych.runtime.postgres.CommitOrder.Snapshot;
import dev.triptych.store.features.Horizon;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitOrderTest {

    private static final int WRITERS = 6;
    private static final int TRANSACTIONS_A_WRITER = 60;
    private static final long BYTES_MAX = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ProjectedJournal journal;

    @BeforeEach
    void open() {
        journal = new ProjectedJournal(folder);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void anEntryOfAnOpenTransactionHoldsBackAllThatCameAfterItAndIsNeverSkipped() throws SQLException {
        try (var slow = transaction();
                var quick = transaction();
                var reading = transaction()) {
            Horizon first = insert(slow, "slow", 1);
            Horizon second = insert(quick, "quick", 1);
            quick.commit();

            assertThat(read(reading, Horizon.START, 100)).isEmpty();

            slow.commit();
            reading.commit();

            assertThat(read(reading, Horizon.START, 100)).extracting(Entry::at).containsExactly(first, second);
        }
    }

    @Test
    void anAbortedTransactionHoldsBackNothing() throws SQLException {
        try (var aborted = transaction();
                var quick = transaction();
                var reading = transaction()) {
            insert(aborted, "aborted", 1);
            Horizon committed = insert(quick, "quick", 1);
            quick.commit();
            aborted.rollback();

            assertThat(read(reading, Horizon.START, 100)).extracting(Entry::at).containsExactly(committed);
        }
    }

    @Test
    void aReaderBesideManyWritersSeesEveryCommittedEntryOnceAndInOrder() throws Exception {
        var committed = Collections.synchronizedList(new ArrayList<Horizon>());
        var seen = new ArrayList<Horizon>();
        try (var threads = Executors.newFixedThreadPool(WRITERS);
                var reading = transaction();
                var longOpen = transaction()) {
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(writer("writer-" + writer, new Random(writer), committed)));
            }
            Horizon held = insert(longOpen, "long-open", 1);
            var random = new Random(7);
            boolean released = false;
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            while (!(released && writers.stream().allMatch(Future::isDone) && seen.size() >= committed.size())
                    && System.nanoTime() < deadlineNanos) {
                if (!released && committed.size() > WRITERS * TRANSACTIONS_A_WRITER / 2) {
                    longOpen.commit();
                    committed.add(held);
                    released = true;
                }
                int most = 1 + random.nextInt(40);
                read(reading, seen.isEmpty() ? Horizon.START : seen.getLast(), most)
                        .forEach(entry -> seen.add(entry.at()));
                reading.commit();
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        assertThat(seen).isSorted().doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(committed);
    }

    /** Transactions of a few entries each; some wait inside, and every fifth or so is rolled back. */
    private Callable<Void> writer(String name, Random random, List<Horizon> committed) {
        return () -> {
            try (var connection = transaction()) {
                long sequenceNr = 0;
                for (int i = 0; i < TRANSACTIONS_A_WRITER; i++) {
                    var places = new ArrayList<Horizon>();
                    for (int entries = 1 + random.nextInt(4); entries > 0; entries--) {
                        places.add(insert(connection, name, ++sequenceNr));
                        if (random.nextInt(4) == 0) {
                            linger(connection, random.nextInt(8));
                        }
                    }
                    if (random.nextInt(5) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                        committed.addAll(places);
                    }
                }
            }
            return null;
        };
    }

    private static void linger(Connection connection, int millis) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_sleep(" + millis / 1000.0 + ")");
        }
    }

    private Connection transaction() throws SQLException {
        var connection = journal.database().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static Horizon insert(Connection connection, String persistenceId, long sequenceNr) throws SQLException {
        return ProjectedJournal.write(connection, persistenceId, sequenceNr, 0, "", new byte[10]);
    }

    private static List<Entry> read(Connection connection, Horizon after, int most) throws SQLException {
        var entries = new ArrayList<Entry>();
        Snapshot snapshot = CommitOrder.snapshot(connection);
        CommitOrder.read(connection, after, snapshot, most, BYTES_MAX, entries::add);
        return entries;
    }
}
