package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.PredictionRecords.Count;
import dev.triptych.monitoring.PredictionRecords.Question;
import dev.triptych.store.features.Horizon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One prediction a second: of callers by versions 1 and 2 in turn, a shadow after each fifth, a batch run at the end. */
class PostgresPredictionRecordsTest {

    private static final int CALLS = 4_000;
    private static final int BATCH = 100;
    private static final long SECOND = 1_000_000;
    private static final long FROM = 1_780_000_000_000_000L;
    private static final Question ALL = new Question("shop", "returns", FROM, FROM + (CALLS + BATCH) * SECOND);

    @TempDir
    Path folder;

    private ProjectedJournal journal;
    private PostgresJournalProjection projection;
    private PostgresPredictionRecords records;

    @BeforeEach
    void open() {
        journal = new ProjectedJournal(folder);
        projection = journal.projection();
        records = new PostgresPredictionRecords(
                journal.database(), Runnable::run, () -> CompletableFuture.completedStage(Horizon.START));
        var recorded = new ArrayList<PredictionRecord>();
        for (int i = 0; i < CALLS; i++) {
            recorded.add(record("call-%05d".formatted(i), i, 1 + i % 2, Optional.empty(), Optional.empty()));
            if (i % 5 == 0) {
                recorded.add(record(
                        "shadow-%05d".formatted(i), i, 3, Optional.empty(), Optional.of("call-%05d".formatted(i))));
            }
        }
        for (int i = 0; i < BATCH; i++) {
            recorded.add(record("run-%05d".formatted(i), CALLS + i, 2, Optional.of("run-1"), Optional.empty()));
        }
        int sequenceNr = 1;
        for (int from = 0; from < recorded.size(); from += 500) {
            journal.write(
                    "prediction-log|one",
                    sequenceNr++,
                    new PredictionsLogged(
                            recorded.subList(from, Math.min(from + 500, recorded.size())), "chained elsewhere"));
        }
        ProjectedJournal.drain(projection);
    }

    @AfterEach
    void close() {
        projection.close();
        journal.close();
    }

    @Test
    void areCountedByStepVersionAndWhoAskedWithoutShadows() {
        assertThat(await(records.counts(ALL, 2_000 * SECOND)))
                .containsExactly(
                        new Count(FROM, 1, false, 1_000),
                        new Count(FROM, 2, false, 1_000),
                        new Count(FROM + 2_000 * SECOND, 1, false, 1_000),
                        new Count(FROM + 2_000 * SECOND, 2, false, 1_000),
                        new Count(FROM + 4_000 * SECOND, 2, true, BATCH));
        assertThat(await(records.counts(new Question("shop", "returns", FROM + SECOND, FROM + 2 * SECOND), SECOND)))
                .containsExactly(new Count(FROM + SECOND, 2, false, 1));
        assertThat(await(records.counts(new Question("shop", "another", FROM, FROM + SECOND), SECOND)))
                .isEmpty();
    }

    @Test
    void aFewAreTakenAllAndInOrder() {
        List<PredictionRecord> batch = await(records.sample(ALL, 0, true, BATCH, 200));

        assertThat(batch).hasSize(BATCH).extracting(PredictionRecord::id).isSorted();
        assertThat(batch).allMatch(record -> record.runId().isPresent());
    }

    @Test
    void ofManyAnEvenSampleIsTakenTheSameEachTime() {
        List<PredictionRecord> sample = await(records.sample(ALL, 0, false, CALLS, 400));

        assertThat(sample).hasSizeBetween(300, 500);
        assertThat(sample.stream()
                        .filter(record -> record.predictedMicros() < FROM + CALLS / 2 * SECOND)
                        .count())
                .isBetween(130L, 270L);
        assertThat(sample.stream().filter(record -> record.version() == 1).count())
                .isBetween(130L, 270L);
        assertThat(sample).allMatch(record -> record.shadowOf().isEmpty());
        assertThat(await(records.sample(ALL, 0, false, CALLS, 400))).isEqualTo(sample);
        assertThat(await(records.sample(ALL, 2, false, CALLS / 2, 400)))
                .isNotEmpty()
                .allMatch(record -> record.version() == 2);
    }

    private static PredictionRecord record(
            String id, int second, int version, Optional<String> runId, Optional<String> shadowOf) {
        return new PredictionRecord(
                id,
                "shop",
                "returns",
                "returns",
                version,
                Optional.of("o" + second),
                1,
                FROM,
                List.of(),
                List.of(0.25, 0.75),
                FROM + second * SECOND,
                runId,
                shadowOf);
    }

    private static <T> T await(CompletionStage<T> answer) {
        return answer.toCompletableFuture().join();
    }
}
