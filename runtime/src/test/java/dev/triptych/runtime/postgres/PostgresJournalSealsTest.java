package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.audit.domain.Seal;
import dev.triptych.audit.domain.SealCheck;
import dev.triptych.audit.domain.SealedRange;
import dev.triptych.audit.domain.Verdict;
import dev.triptych.audit.domain.Verdict.Broken;
import dev.triptych.audit.domain.Verdict.Intact;
import dev.triptych.store.JournalProjection.ProjectionException;
import dev.triptych.store.features.Horizon;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresJournalSealsTest {

    /** The row in the middle of the third sealed range. */
    private static final String VICTIM = "(SELECT ordering FROM event_journal ORDER BY tx, ordering OFFSET %d LIMIT 1)";

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
    void everyProjectedEntryIsSealedOnceAndTheOthersAreCounted() {
        var random = new RandomEvents(journal, 41);
        sealRanges(random, 5);
        long sealed = entries();
        journal.write("feature|titanic/passenger/late", 1, "not projected yet");

        assertThat(verify()).isInstanceOfSatisfying(Intact.class, intact -> {
            assertThat(intact.last().map(Seal::number)).contains(5L);
            assertThat(intact.sealed()).isEqualTo(sealed);
            assertThat(intact.unsealed()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE event_journal SET event_payload = event_payload || '\\x00' WHERE ordering = ",
                "UPDATE event_journal SET deleted = true WHERE ordering = ",
                "UPDATE event_journal SET write_timestamp = 1 WHERE ordering = ",
                "UPDATE event_journal SET persistence_id = persistence_id || 'x' WHERE ordering = ",
                "DELETE FROM event_journal WHERE ordering = ",
                "INSERT INTO event_journal (tx, ordering, persistence_id, sequence_number, writer, event_ser_id,"
                        + " event_ser_manifest, event_payload) SELECT tx, ordering, 'forged', 1, writer, event_ser_id,"
                        + " event_ser_manifest, event_payload FROM event_journal WHERE ordering = "
            })
    void whatIsChangedRemovedOrSlippedInIsFoundInItsRange(String tampering) {
        var random = new RandomEvents(journal, 42);
        sealRanges(random, 4);
        long before = Long.parseLong(journal.column("SELECT sum(entries) FROM journal_seal WHERE number < 3")
                .getFirst());

        journal.execute(tampering + VICTIM.formatted(before));

        assertThat(verify()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seal()).isEqualTo(3);
            assertThat(broken.firstEntry()).isEqualTo(before + 1);
        });
    }

    @Test
    void anOfflineStoreMadeAgainLeavesTheSealsAsTheyAre() {
        var random = new RandomEvents(journal, 43);
        sealRanges(random, 3);
        var seals = journal.column("SELECT hash FROM journal_seal ORDER BY number");
        journal.execute("UPDATE projection_offset SET tx = '0', ordering = 0");
        journal.execute("DELETE FROM feature_segment");

        sealRanges(random, 1);

        assertThat(journal.column("SELECT hash FROM journal_seal ORDER BY number"))
                .startsWith(seals.toArray(String[]::new))
                .hasSize(4);
        assertThat(verify()).isInstanceOf(Intact.class);
    }

    @Test
    void aJournalThatGrewBeforeThereWereSealsIsSealedFromItsBeginning() {
        var random = new RandomEvents(journal, 44);
        sealRanges(random, 3);
        journal.execute("DELETE FROM journal_seal");

        sealRanges(random, 1);

        assertThat(verify())
                .isInstanceOfSatisfying(
                        Intact.class, intact -> assertThat(intact.sealed()).isEqualTo(entries()));
    }

    @Test
    void aJournalFromAnotherServerIsRefusedUntilItIsAdoptedAndItsSealsStillHold() {
        var random = new RandomEvents(journal, 45);
        sealRanges(random, 3);
        // Far in this server's future, as in a copy from a busier one.
        journal.execute("UPDATE event_journal SET tx = (tx::text::bigint + 1000000000)::text::xid8");
        journal.execute("UPDATE journal_seal SET through_tx = (through_tx::text::bigint + 1000000000)::text::xid8");
        journal.execute("UPDATE projection_offset SET tx = (tx::text::bigint + 1000000000)::text::xid8");
        try (var projection = journal.projection()) {
            assertThatThrownBy(projection::advance)
                    .isInstanceOf(ProjectionException.class)
                    .hasMessageContaining("SELECT adopt_journal()");
        }

        journal.execute("SELECT adopt_journal()");
        sealRanges(random, 1);

        assertThat(verify()).isInstanceOfSatisfying(Intact.class, intact -> {
            assertThat(intact.last().map(Seal::number)).contains(4L);
            assertThat(intact.sealed()).isEqualTo(entries());
        });
        assertThat(ParquetRows.stored(
                        journal.root(), journal.column("SELECT path FROM feature_segment WHERE retired_at IS NULL")))
                .hasSameSizeAs(ParquetRows.written(random.events()));
    }

    @Test
    void sealsHoldAcrossErasuresAndAForgedChangeIsStillFoundInItsRange() {
        var random = new RandomEvents(journal, 46);
        sealRanges(random, 4);
        for (int i = 0; i < 3; i++) {
            random.erase();
            sealRanges(random, 1);
        }
        long erased = Long.parseLong(journal.column("SELECT count(*) FROM event_journal WHERE erased_hash IS NOT NULL")
                .getFirst());

        assertThat(erased).isPositive();
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Intact.class, intact -> assertThat(intact.erased()).isEqualTo(erased));

        long before = Long.parseLong(journal.column("SELECT sum(entries) FROM journal_seal WHERE number < 3")
                .getFirst());
        journal.execute("UPDATE event_journal SET writer = 'forged' WHERE ordering = " + VICTIM.formatted(before));
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seal()).isEqualTo(3));
    }

    /** The bytes of seals from before there was erasure, as the release before made them. */
    @Test
    void sealsOfBeforeThereWasErasureAreMadeAnewOnceAndOneThatWasBrokenStaysSo() {
        var random = new RandomEvents(journal, 47);
        sealRanges(random, 3);
        makeFormer();
        var former = journal.column("SELECT hash FROM journal_seal ORDER BY number");

        sealRanges(random, 1);

        assertThat(journal.column("SELECT former_hash FROM journal_seal WHERE number < 4 ORDER BY number"))
                .isEqualTo(former);
        var noted = Optional.of(new SealCheck.NotedSeal(2, former.get(1)));
        assertThat(verify(noted)).isInstanceOf(Intact.class);
        random.erase();
        sealRanges(random, 1);
        assertThat(verify(noted)).isInstanceOf(Intact.class);

        makeFormer();
        journal.execute("UPDATE event_journal SET writer = 'forged' WHERE ordering = " + VICTIM.formatted(0));
        sealRanges(random, 1);
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seal()).isEqualTo(1));
    }

    /** Seals over entire payloads, computed here by what their definition says. */
    private void makeFormer() {
        var entries = journal.column("SELECT entries FROM journal_seal ORDER BY number");
        journal.execute("UPDATE journal_seal SET format = 1, former_hash = NULL");
        try (var connection = journal.database().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT " + JournalRows.COLUMNS + " FROM event_journal ORDER BY tx, ordering")) {
            String before = Seal.GENESIS;
            for (int number = 1; number <= entries.size(); number++) {
                var range = SealedRange.former(before);
                for (long left = Long.parseLong(entries.get(number - 1)); left > 0 && rows.next(); left--) {
                    range.add(JournalRows.at(rows, 1));
                }
                before = range.hash();
                journal.execute("UPDATE journal_seal SET hash = '" + before + "' WHERE number = " + number);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each step of the projection is one seal. */
    private void sealRanges(RandomEvents random, int ranges) {
        try (var projection = journal.projection()) {
            for (int i = 0; i < ranges; i++) {
                random.write(4);
                ProjectedJournal.drain(projection);
            }
        }
    }

    private long entries() {
        return Long.parseLong(
                journal.column("SELECT count(*) FROM event_journal").getFirst());
    }

    private Verdict verify() {
        return verify(Optional.empty());
    }

    private Verdict verify(Optional<SealCheck.NotedSeal> noted) {
        var seals = new PostgresJournalSeals(
                journal.database(), Runnable::run, () -> CompletableFuture.completedStage(Horizon.START));
        return seals.verify(noted, read -> {}).toCompletableFuture().join();
    }
}
