package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.audit.domain.Verdict;
import dev.triptych.audit.domain.Verdict.Intact;
import dev.triptych.runtime.duckdb.DuckDbSegmentFiles;
import dev.triptych.runtime.duckdb.DuckDbSegmentFiles.FileStep;
import dev.triptych.store.JournalProjection;
import dev.triptych.store.JournalProjection.ProjectionException;
import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.Horizon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresJournalProjectionTest {

    /** Enough for every schema's segments to be merged. */
    private static final int ADVANCES_MAX = 150;

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
    void aCrashBetweenAnyTwoStepsLosesNothingAndDoublesNothing() {
        var random = new RandomEvents(journal, 11);
        List<Enum<?>> everyStep = new ArrayList<>(List.of(ProjectionStep.values()));
        everyStep.addAll(List.of(FileStep.values()));
        everyStep.addAll(List.copyOf(everyStep));

        for (Enum<?> step : everyStep) {
            Consumer<Enum<?>> crash = passed -> {
                if (passed == step) {
                    throw new IllegalStateException("crashed after " + step);
                }
            };
            assertThatThrownBy(() -> {
                        try (var projection = journal.projection(crash::accept, crash::accept)) {
                            for (int advances = 0; advances < ADVANCES_MAX; advances++) {
                                journal.execute(
                                        "UPDATE feature_segment SET retired_at = retired_at - interval '2 hours'");
                                random.write(2);
                                if (advances % 8 == 7) {
                                    random.erase();
                                }
                                projection.advance();
                            }
                        }
                    })
                    .isInstanceOf(ProjectionException.class)
                    .hasMessage("crashed after " + step);
        }

        try (var survivor = journal.projection()) {
            ProjectedJournal.drain(survivor);
        }
        assertHoldsExactly(random);
        assertThat(journal.column("SELECT a.persistence_id FROM event_journal a JOIN event_journal e"
                        + " ON a.persistence_id = e.persistence_id AND a.sequence_number < e.sequence_number"
                        + " WHERE e.event_ser_manifest LIKE '%Erased' AND a.event_ser_manifest LIKE '%RowsWritten'"
                        + " AND a.erased_hash IS NULL"))
                .isEmpty();
        assertThat(verify()).isInstanceOf(Intact.class);
    }

    /** A crash of the node in the middle of an erasure: the next start finishes it. */
    @ParameterizedTest
    @EnumSource(
            value = ProjectionStep.class,
            names = {"JOURNAL_ERASED", "SEGMENTS_ERASED", "SEALED", "BATCH_COMMITTED", "OUTLIVED_DELETED"})
    void anErasureThatACrashInterruptedIsFinishedByTheNextStart(ProjectionStep step) {
        var random = new RandomEvents(journal, 18);
        var copiesErased = new ArrayList<Erasure>();
        journal.copies(copiesErased::addAll);
        random.writeRows();
        try (var projection = journal.projection()) {
            ProjectedJournal.drain(projection);
        }
        random.erase();
        assertThatThrownBy(() -> {
                    try (var projection = journal.projection(
                            passed -> {
                                if (passed == step) {
                                    throw new IllegalStateException("crashed");
                                }
                            },
                            file -> {})) {
                        ProjectedJournal.drain(projection);
                    }
                })
                .isInstanceOf(ProjectionException.class);
        assertThat(copiesErased).isEmpty();

        try (var survivor = journal.projection()) {
            ProjectedJournal.drain(survivor);
        }

        assertThat(new DuckDbSegmentFiles(journal.root(), journal.memory()).paths())
                .isEmpty();
        assertThat(copiesErased).isNotEmpty();
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Intact.class, intact -> assertThat(intact.erased()).isEqualTo(1));
    }

    @Test
    void manySmallSegmentsBecomeOneAndHoldTheSameRows() {
        var random = new RandomEvents(journal, 12);
        try (var projection = journal.projection()) {
            for (int i = 0; i < 60; i++) {
                random.write(3);
                projection.advance();
            }
        }

        assertThat(currentPaths()).hasSizeLessThanOrEqualTo(3 * (SegmentTable.SEGMENTS_IN_TIER_MAX + 1));
        assertHoldsExactly(random);
    }

    @Test
    void aMergedSegmentStaysUntilItsGraceIsOver() {
        var random = new RandomEvents(journal, 13);
        try (var projection = journal.projection()) {
            for (int i = 0; i < 60; i++) {
                random.writeRows();
                projection.advance();
            }
            var retired = journal.column("SELECT path FROM feature_segment WHERE retired_at IS NOT NULL");
            assertThat(retired)
                    .isNotEmpty()
                    .allMatch(path -> Files.exists(journal.root().resolve(path)));

            journal.execute("UPDATE feature_segment SET retired_at = retired_at - interval '2 hours'");
            random.writeRows();
            projection.advance();

            assertThat(retired).noneMatch(path -> Files.exists(journal.root().resolve(path)));
            assertHoldsExactly(random);
        }
    }

    @Test
    void anOfflineStoreThatWasLostIsMadeAgain() throws IOException {
        var random = new RandomEvents(journal, 14);
        try (var projection = journal.projection()) {
            random.write(20);
            ProjectedJournal.drain(projection);
        }
        for (String path : currentPaths()) {
            Files.delete(journal.root().resolve(path));
        }

        try (var projection = journal.projection()) {
            ProjectedJournal.drain(projection);
        }

        assertHoldsExactly(random);
    }

    @Test
    void aSecondProjectionIsKeptOutUntilTheFirstIsClosed() {
        var random = new RandomEvents(journal, 15);
        random.write(5);
        try (var first = journal.projection();
                var second = journal.projection()) {
            first.advance();
            assertThatThrownBy(second::advance)
                    .isInstanceOf(ProjectionException.class)
                    .hasMessageContaining("another node");

            first.close();
            random.write(5);
            ProjectedJournal.drain(second);
        }
        assertHoldsExactly(random);
    }

    @Test
    void anEventThatCannotBeReadIsNamedAndNothingAfterItIsTaken() {
        var random = new RandomEvents(journal, 16);
        random.write(5);
        journal.write("feature|titanic/passenger/broken", 7, "not a feature event");
        journal.execute("UPDATE event_journal SET event_ser_manifest = 'nonsense', event_ser_id = 33"
                + " WHERE persistence_id LIKE '%broken'");

        try (var projection = journal.projection()) {
            assertThatThrownBy(projection::advance)
                    .isInstanceOf(ProjectionException.class)
                    .hasMessageContaining("event 7 of feature|titanic/passenger/broken");
        }
        assertThat(currentPaths()).isEmpty();
    }

    @Test
    void aStepTellsWhatIsSettled() throws Exception {
        var random = new RandomEvents(journal, 17);
        try (var projection = journal.projection();
                var open = journal.database().getConnection()) {
            open.setAutoCommit(false);
            var held = ProjectedJournal.write(open, "open", 1, "held back");
            random.write(3);

            JournalProjection.Step during = projection.advance();
            assertThat(during.settledBelow()).isLessThanOrEqualTo(held.transaction());
            assertThat(during.begunBelow()).isGreaterThan(held.transaction());

            open.commit();
            JournalProjection.Step after = projection.advance();
            assertThat(after.settledBelow()).isGreaterThanOrEqualTo(during.begunBelow());
            assertThat(after.horizon()).isEqualTo(random.events().getLast().at());
        }
    }

    private void assertHoldsExactly(RandomEvents random) {
        assertThat(ParquetRows.stored(journal.root(), currentPaths()))
                .containsExactlyInAnyOrderElementsOf(ParquetRows.written(random.events()));
        assertThat(journal.column("SELECT id FROM prediction ORDER BY id"))
                .containsExactlyElementsOf(
                        random.predictions().stream().map(record -> record.id()).toList());
        assertThat(new DuckDbSegmentFiles(journal.root(), journal.memory()).paths())
                .containsExactlyInAnyOrderElementsOf(journal.column("SELECT path FROM feature_segment"));
    }

    private Verdict verify() {
        return new PostgresJournalSeals(
                        journal.database(), Runnable::run, () -> CompletableFuture.completedStage(Horizon.START))
                .verify(Optional.empty(), read -> {})
                .toCompletableFuture()
                .join();
    }

    private List<String> currentPaths() {
        return journal.column("SELECT path FROM feature_segment WHERE retired_at IS NULL");
    }
}
