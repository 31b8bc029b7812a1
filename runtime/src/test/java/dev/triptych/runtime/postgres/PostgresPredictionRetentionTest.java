package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.Horizon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresPredictionRetentionTest {

    private static final int ROWS_MAX = 7;

    @TempDir
    Path folder;

    private ProjectedJournal journal;
    private PostgresJournalProjection projection;
    private PostgresPredictionArchive archive;
    private PostgresPredictionRetention retention;
    private List<PredictionRecord> recorded;

    @BeforeEach
    void open() {
        journal = new ProjectedJournal(folder);
        projection = journal.projection();
        archive = new PostgresPredictionArchive(
                journal.database(), Runnable::run, () -> CompletableFuture.completedStage(Horizon.START));
        retention = new PostgresPredictionRetention(journal.database(), Runnable::run);
        var events = new RandomEvents(journal, 5);
        for (int i = 0; i < 40; i++) {
            events.writePredictions();
        }
        ProjectedJournal.drain(projection);
        recorded = events.predictions().stream()
                .sorted(Comparator.comparing(PredictionRecord::id))
                .toList();
    }

    @AfterEach
    void close() {
        projection.close();
        journal.close();
    }

    @Test
    void removesWhatIsOlderPieceByPieceAndSaysSo() {
        long cut = middle();
        List<PredictionRecord> young = recorded.stream()
                .filter(record -> record.predictedMicros() >= cut)
                .toList();
        assertThat(young).hasSizeBetween(1, recorded.size() - 1);
        assertThat(await(archive.keptSinceMicros())).isZero();

        List<Integer> pieces = removeAllBefore(cut);

        assertThat(pieces.subList(0, pieces.size() - 1)).containsOnly(ROWS_MAX);
        assertThat(pieces.stream().mapToInt(Integer::intValue).sum()).isEqualTo(recorded.size() - young.size());
        assertThat(listed()).isEqualTo(young);
        assertThat(await(archive.keptSinceMicros())).isEqualTo(cut);
    }

    @Test
    void saysNothingWhereNothingIsOld() {
        assertThat(await(retention.removeBefore(0, ROWS_MAX))).isZero();

        assertThat(listed()).isEqualTo(recorded);
        assertThat(await(archive.keptSinceMicros())).isZero();
    }

    @Test
    void neverGoesBack() {
        long cut = middle();
        removeAllBefore(cut);

        removeAllBefore(cut - 1);

        assertThat(await(archive.keptSinceMicros())).isEqualTo(cut);
    }

    @Test
    void doesNotWaitForRowsThatSomebodyHolds() throws Exception {
        try (var holder = journal.database().getConnection()) {
            holder.setAutoCommit(false);
            try (var statement = holder.createStatement()) {
                statement.execute("SELECT * FROM prediction ORDER BY predicted_micros LIMIT 3 FOR UPDATE");
            }

            List<Integer> pieces = removeAllBefore(Long.MAX_VALUE);

            assertThat(pieces.stream().mapToInt(Integer::intValue).sum()).isEqualTo(recorded.size() - 3);
        }
    }

    @Test
    void theJournalBringsAllOfThemBack() {
        removeAllBefore(Long.MAX_VALUE);
        journal.execute("UPDATE projection_offset SET tx = '0', ordering = 0");

        projection.close();
        ProjectedJournal.drain(projection);

        assertThat(listed()).isEqualTo(recorded);
    }

    private long middle() {
        return recorded.get(recorded.size() / 2).predictedMicros();
    }

    private List<Integer> removeAllBefore(long micros) {
        var pieces = new ArrayList<Integer>();
        do {
            pieces.add(await(retention.removeBefore(micros, ROWS_MAX)));
        } while (pieces.getLast() == ROWS_MAX);
        return pieces;
    }

    private List<PredictionRecord> listed() {
        return await(archive.list(Filter.everything(10_000)));
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
