package dev.triptych.runtime.postgres;

import akka.serialization.Serialization;
import dev.triptych.runtime.postgres.CommitOrder.Batch;
import dev.triptych.runtime.postgres.CommitOrder.Snapshot;
import dev.triptych.store.JournalProjection;
import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.RowCopies;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentFiles;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects the journal exactly once: feature rows into segments, predictions into their table; seals what it passes, and
 * erases what is to be forgotten.
 *
 * <p>A batch's files are complete before the one transaction that names them, stores the predictions and moves the
 * offset. A crash before it leaves files that nobody names, which the next start removes; a crash after it leaves
 * nothing to do. A lock in the database keeps a second tailer out, and lives and dies with the connection that commits.
 */
public final class PostgresJournalProjection implements JournalProjection {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresJournalProjection.class);

    private static final int EVENTS_MAX = 20_000;
    private static final long BYTES_MAX = 32L << 20;

    /** After so many batches with segments in a row, merging gets its turn although more is waiting. */
    private static final int BATCHES_BETWEEN_MERGES = 32;

    /** Names the lock; any number that nothing else in the database uses. */
    private static final long LOCK = 0x7472697074796368L;

    /** How long the database may stay silent before the connection counts as lost. */
    private static final int SILENCE_MAX_MILLIS = 30_000;

    private final DataSource database;
    private final Serialization serialization;
    private final SegmentFiles files;
    private final RowCopies copies;
    private final Consumer<ProjectionStep> passed;

    private @Nullable Connection connection;
    private Horizon offset = Horizon.START;
    private SealedJournal sealed = SealedJournal.NOTHING;
    private int batchesSinceMerge;

    /** @param copies of what is projected, where erased rows must go too */
    public PostgresJournalProjection(
            DataSource database, Serialization serialization, SegmentFiles files, RowCopies copies) {
        this(database, serialization, files, copies, step -> {});
    }

    /** @param passed told of every step passed, on the calling thread; tests stop the projection there */
    PostgresJournalProjection(
            DataSource database,
            Serialization serialization,
            SegmentFiles files,
            RowCopies copies,
            Consumer<ProjectionStep> passed) {
        this.database = database;
        this.serialization = serialization;
        this.files = files;
        this.copies = copies;
        this.passed = passed;
    }

    @Override
    public synchronized Step advance() {
        try {
            var open = connection == null ? open() : connection;
            Step step = project(open);
            if (batchesSinceMerge > 0 && (!step.more() || batchesSinceMerge >= BATCHES_BETWEEN_MERGES)) {
                batchesSinceMerge = 0;
                merge(open);
                removeOutlived(open);
            }
            return step;
        } catch (SQLException | RuntimeException e) {
            close();
            throw new ProjectionException(String.valueOf(e.getMessage()), e);
        }
    }

    private Step project(Connection open) throws SQLException {
        Snapshot snapshot = CommitOrder.snapshot(open);
        try (var rows = files.begin()) {
            var projected = new ProjectedBatch(serialization, rows);
            var sealing = sealed.next();
            Batch batch = CommitOrder.read(open, offset, snapshot, EVENTS_MAX, BYTES_MAX, entry -> {
                projected.read(entry);
                sealing.read(entry);
            });
            passed.accept(ProjectionStep.BATCH_READ);
            if (batch.entries() > 0) {
                List<Segment> segments = rows.write();
                passed.accept(ProjectionStep.SEGMENTS_WRITTEN);
                SegmentTable.insert(open, segments);
                PredictionRows.insert(open, projected.predictions());
                erase(open, projected.erasures());
                moveOffset(open, offset, batch.last());
                passed.accept(ProjectionStep.OFFSET_MOVED);
                SealedJournal sealedNow = sealing.seal(open);
                passed.accept(ProjectionStep.SEALED);
                open.commit();
                offset = batch.last();
                sealed = sealedNow;
                batchesSinceMerge += segments.isEmpty() ? 0 : 1;
                passed.accept(ProjectionStep.BATCH_COMMITTED);
                afterErasing(open, projected.erasures());
            } else {
                open.rollback();
            }
            long settledBelow = batch.full() ? offset.transaction() : snapshot.settledBelow();
            return new Step(
                    offset, settledBelow, snapshot.begunBelow(), batch.entries(), batch.full(), projected.moves());
        }
    }

    /** What the journal says is erased is erased in the transaction that passes the erasure. */
    private void erase(Connection open, List<Erasure> erasures) throws SQLException {
        for (Erasure erasure : erasures) {
            ErasedEntities.eraseTables(open, erasure);
            passed.accept(ProjectionStep.JOURNAL_ERASED);
            ErasedEntities.eraseSegments(open, files, erasure);
            passed.accept(ProjectionStep.SEGMENTS_ERASED);
        }
    }

    /** Files that hold what was erased; after a crash before this, the next start finds them by what was committed. */
    private void afterErasing(Connection open, List<Erasure> erasures) throws SQLException {
        if (!erasures.isEmpty()) {
            removeOutlived(open);
            copies.erase(erasures);
            passed.accept(ProjectionStep.COPIES_ERASED);
        }
    }

    private void merge(Connection open) throws SQLException {
        for (var crowd = SegmentTable.toMerge(open); !crowd.isEmpty(); crowd = SegmentTable.toMerge(open)) {
            Segment merged = files.merge(crowd);
            passed.accept(ProjectionStep.MERGE_WRITTEN);
            SegmentTable.replace(open, crowd, merged);
            open.commit();
            passed.accept(ProjectionStep.MERGE_COMMITTED);
        }
        open.rollback();
    }

    private void removeOutlived(Connection open) throws SQLException {
        for (var outlived = SegmentTable.outlived(open); !outlived.isEmpty(); outlived = SegmentTable.outlived(open)) {
            outlived.forEach(files::delete);
            passed.accept(ProjectionStep.OUTLIVED_DELETED);
            SegmentTable.forget(open, outlived);
            open.commit();
        }
        open.rollback();
    }

    private Connection open() throws SQLException {
        var opened = database.getConnection();
        connection = opened;
        opened.setNetworkTimeout(SAME_THREAD, SILENCE_MAX_MILLIS);
        opened.setAutoCommit(false);
        lock(opened);
        passed.accept(ProjectionStep.LOCKED);
        offset = readOffset(opened);
        refuseForeignJournal(opened);
        FormerSeals.renew(opened);
        opened.commit();
        sealed = SealedJournal.in(opened);
        sealProjected(opened);
        sweep(opened);
        finishErasing(opened);
        opened.commit();
        // What a crash left unmerged is merged now.
        batchesSinceMerge = 1;
        return opened;
    }

    private void finishErasing(Connection opened) throws SQLException {
        ErasedEntities.deleteLateSnapshots(opened);
        List<Erasure> erasures = ErasedEntities.all(opened);
        opened.commit();
        if (!erasures.isEmpty()) {
            copies.erase(erasures);
        }
    }

    private static final Executor SAME_THREAD = Runnable::run;

    private static void lock(Connection opened) throws SQLException {
        try (var statement = opened.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            try (var row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new IllegalStateException("another node is projecting the journal of this database");
                }
            }
        }
    }

    /**
     * Transaction ids mean something within one database cluster only: a journal that was copied into a younger one
     * holds ids from its future.
     */
    private void refuseForeignJournal(Connection opened) throws SQLException {
        long begunBelow = CommitOrder.snapshot(opened).begunBelow();
        if (offset.transaction() >= begunBelow) {
            throw new IllegalStateException("projection_offset.tx: " + offset.transaction() + " (expected: below "
                    + begunBelow + ", the next transaction of this PostgreSQL); the journal was copied from another "
                    + "server: run SELECT adopt_journal() in this database to make it this server's");
        }
    }

    /** Removes files that nobody names; where a file is missing that somebody names, makes all of them again. */
    private void sweep(Connection opened) throws SQLException {
        var present = files.paths();
        var missing = SegmentTable.needed(opened);
        missing.removeAll(new HashSet<>(present));
        if (!missing.isEmpty()) {
            LOG.warn("{} files of the offline store are missing; it is made again from the journal", missing.size());
            SegmentTable.forgetAll(opened);
            PostgresPredictionRetention.startAgain(opened);
            moveOffset(opened, offset, Horizon.START);
            offset = Horizon.START;
        }
        var known = SegmentTable.known(opened);
        opened.commit();
        present.stream().filter(path -> !known.contains(path)).forEach(files::delete);
        passed.accept(ProjectionStep.SWEPT);
    }

    /** A journal that grew before there were seals is sealed as far as it was projected. */
    private void sealProjected(Connection opened) throws SQLException {
        Snapshot snapshot = CommitOrder.snapshot(opened);
        while (sealed.through().compareTo(offset) < 0) {
            var sealing = sealed.next();
            CommitOrder.read(opened, sealed.through(), snapshot, EVENTS_MAX, BYTES_MAX, sealing);
            sealed = sealing.seal(opened);
            opened.commit();
        }
    }

    private static Horizon readOffset(Connection opened) throws SQLException {
        try (var statement = opened.prepareStatement(
                        "SELECT tx::text::bigint, ordering FROM projection_offset WHERE slice = 0");
                var row = statement.executeQuery()) {
            row.next();
            return new Horizon(row.getLong(1), row.getLong(2));
        }
    }

    private static void moveOffset(Connection open, Horizon from, Horizon to) throws SQLException {
        try (var statement = open.prepareStatement("""
                UPDATE projection_offset SET tx = ?::text::xid8, ordering = ?
                WHERE slice = 0 AND tx = ?::text::xid8 AND ordering = ?""")) {
            statement.setString(1, Long.toString(to.transaction()));
            statement.setLong(2, to.ordering());
            statement.setString(3, Long.toString(from.transaction()));
            statement.setLong(4, from.ordering());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("the projection's offset was moved by someone else");
            }
        }
    }

    /** Best effort: what cannot be unlocked or closed is lost already, and the lock with it. */
    @Override
    public synchronized void close() {
        try (var closing = connection) {
            if (closing != null) {
                closing.rollback();
                try (var statement = closing.prepareStatement("SELECT pg_advisory_unlock(?)")) {
                    statement.setLong(1, LOCK);
                    statement.execute();
                }
                closing.commit();
            }
        } catch (SQLException e) {
            LOG.debug("The projection's connection was lost", e);
        } finally {
            connection = null;
        }
        files.close();
    }
}
