package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.Horizon;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresPredictionArchiveTest {

    private static final Filter ALL = new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            10_000);

    @TempDir
    Path folder;

    private ProjectedJournal journal;
    private PostgresJournalProjection projection;
    private PostgresPredictionArchive archive;
    private List<PredictionRecord> recorded;

    @BeforeEach
    void open() {
        journal = new ProjectedJournal(folder);
        projection = journal.projection();
        archive = new PostgresPredictionArchive(journal.database(), Runnable::run, this::catchUp);
        var events = new RandomEvents(journal, 21);
        for (int i = 0; i < 60; i++) {
            events.writePredictions();
        }
        recorded = events.predictions();
    }

    @AfterEach
    void close() {
        projection.close();
        journal.close();
    }

    @Test
    void everyPredictionIsFoundAsItWasRecordedBitForBit() {
        for (PredictionRecord record : recorded) {
            assertThat(await(archive.find(record.id()))).contains(record);
        }
        assertThat(await(archive.find("never recorded"))).isEmpty();
    }

    @Test
    void aListHoldsWhatEachOfItsFiltersLetsThrough() {
        var one = recorded.get(7);
        long since = recorded.get(20).predictedMicros();
        check(filter -> filter, record -> true);
        check(
                f -> new Filter(
                        Optional.of(one.system()),
                        Optional.of(one.deployment()),
                        f.key(),
                        Optional.of(one.version()),
                        f.runId(),
                        f.sinceMicros(),
                        f.untilMicros(),
                        f.after(),
                        f.limit()),
                record -> record.deployment().equals(one.deployment()) && record.version() == one.version());
        check(
                f -> new Filter(
                        f.system(),
                        f.deployment(),
                        Optional.of("é"),
                        f.version(),
                        Optional.of("run-1"),
                        f.sinceMicros(),
                        f.untilMicros(),
                        f.after(),
                        f.limit()),
                record ->
                        record.key().equals(Optional.of("é")) && record.runId().equals(Optional.of("run-1")));
        check(
                f -> new Filter(
                        f.system(),
                        f.deployment(),
                        f.key(),
                        f.version(),
                        f.runId(),
                        Optional.of(since),
                        Optional.of(since + 10),
                        f.after(),
                        f.limit()),
                record -> record.predictedMicros() >= since && record.predictedMicros() < since + 10);
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepetition() {
        var listed = new java.util.ArrayList<PredictionRecord>();
        Optional<String> after = Optional.empty();
        List<PredictionRecord> page;
        do {
            page = await(archive.list(new Filter(
                    ALL.system(),
                    ALL.deployment(),
                    ALL.key(),
                    ALL.version(),
                    ALL.runId(),
                    ALL.sinceMicros(),
                    ALL.untilMicros(),
                    after,
                    7)));
            listed.addAll(page);
            after = page.isEmpty() ? after : Optional.of(page.getLast().id());
        } while (!page.isEmpty());

        assertThat(listed).isEqualTo(recorded);
    }

    @Test
    void pagesFollowOneAnotherFromTheNewestToo() {
        var listed = new java.util.ArrayList<PredictionRecord>();
        Filter page = new Filter(
                        ALL.system(),
                        ALL.deployment(),
                        ALL.key(),
                        ALL.version(),
                        ALL.runId(),
                        ALL.sinceMicros(),
                        ALL.untilMicros(),
                        ALL.after(),
                        7)
                .fromTheNewest();
        for (var found = await(archive.list(page)); !found.isEmpty(); found = await(archive.list(page))) {
            listed.addAll(found);
            page = page.after(found.getLast().id());
        }

        assertThat(listed).isEqualTo(recorded.reversed());
    }

    @Test
    void aPredictionRecordedTwiceIsThereOnceAndStopsNothing() {
        journal.write("prediction-log|two", 1, new PredictionsLogged(recorded.subList(0, 3), "chained elsewhere"));

        assertThat(await(archive.list(ALL))).isEqualTo(recorded);
    }

    private void check(Function<Filter, Filter> filter, Predicate<PredictionRecord> letsThrough) {
        assertThat(await(archive.list(filter.apply(ALL))))
                .isNotEmpty()
                .isEqualTo(recorded.stream()
                        .filter(letsThrough)
                        .sorted(Comparator.comparing(PredictionRecord::id))
                        .toList());
    }

    private CompletionStage<Horizon> catchUp() {
        ProjectedJournal.drain(projection);
        return CompletableFuture.completedFuture(Horizon.START);
    }

    private static <T> T await(CompletionStage<T> answer) {
        return answer.toCompletableFuture().join();
    }
}
