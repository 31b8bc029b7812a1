package dev.triptych.training.domain;

import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.kernel.GoldenEvents;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.models.domain.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was stored once is read for ever. */
class StoredTrainingEventsTest {

    private static final long AT = 1_780_000_000_000_000L;
    private static final GoldenEvents GOLDEN = new GoldenEvents();

    @AfterAll
    static void stop() {
        GOLDEN.close();
    }

    @Test
    void readsRunStartedVersion1() {
        GOLDEN.assertReads(
                "training-run-started-1",
                new TrainingEvent.RunStarted(
                        new RunRequest(
                                "r1",
                                new PipelineId("titanic", PipelineKind.TRAINING, "survival"),
                                1,
                                AT,
                                Map.of("note", "by hand"),
                                Optional.empty()),
                        AT));
    }

    @Test
    void readsHorizonFrozenVersion1() {
        GOLDEN.assertReads("training-horizon-frozen-1", new TrainingEvent.HorizonFrozen("r1", 7, 71, AT));
    }

    @Test
    void readsAttemptStartedVersion1() {
        GOLDEN.assertReads("training-attempt-started-1", new TrainingEvent.AttemptStarted("r1", 2, AT));
    }

    @Test
    void readsDatasetBuiltVersion1() {
        GOLDEN.assertReads("training-dataset-built-1", new TrainingEvent.DatasetBuilt("r1", "abc", 1309, 1, AT));
    }

    @Test
    void readsEvaluatedVersion1() {
        GOLDEN.assertReads(
                "training-evaluated-1",
                new TrainingEvent.Evaluated(
                        "r1",
                        Versions.madeBy("r1"),
                        List.of(new GateResult("accuracy >= 0.78", false, "0.75 >= 0.78")),
                        new Verdict(false, "1 of 1 gates failed"),
                        AT));
    }

    @Test
    void readsVersionRegisteredVersion1() {
        GOLDEN.assertReads("training-version-registered-1", new TrainingEvent.VersionRegistered("r1", 3, AT));
    }

    @Test
    void readsRunEndedVersion1() {
        GOLDEN.assertReads(
                "training-run-completed-1",
                new TrainingEvent.RunEnded(
                        "r1",
                        new RunOutcome.Completed(
                                Map.of("version", 3L), Map.of("datasetHash", "abc"), List.of(), Optional.empty()),
                        AT));
        GOLDEN.assertReads(
                "training-run-failed-1",
                new TrainingEvent.RunEnded("r1", new RunOutcome.Failed("no rows", List.of()), AT));
        GOLDEN.assertReads(
                "training-run-cancelled-1", new TrainingEvent.RunEnded("r1", new RunOutcome.Cancelled("operator"), AT));
    }
}
