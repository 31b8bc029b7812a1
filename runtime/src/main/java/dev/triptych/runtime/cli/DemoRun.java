package dev.triptych.runtime.cli;

import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.WatchRunRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Titanic system from raw rows to replayed predictions, as a client would drive it: every step is a call to the
 * node's public interface.
 */
final class DemoRun {

    private static final String SYSTEM = "titanic";
    private static final String MODEL = "survival";
    private static final int ARRIVALS = 200;
    private static final Duration OUTCOME_DELAY = Duration.ofSeconds(2);
    private static final Duration OUTCOMES_WAIT_MAX = Duration.ofSeconds(60);
    private static final int KEYS_PAGE = 10_000;
    private static final int RUNS_LOOKED_AT = 10;
    private static final int START_ATTEMPTS_MAX = 10;

    private final NodeClient client;
    private final Progress progress;

    DemoRun(NodeClient client, Progress progress) {
        this.client = client;
        this.progress = progress;
    }

    /** @throws DemoFailure if a step did not do what it must */
    DemoReport run() throws InterruptedException {
        PipelineRun backfill = pipeline(PipelineKind.FEATURE, "passengers", Map.of());
        Set<String> before = Set.copyOf(keys());
        PipelineRun training = pipeline(PipelineKind.TRAINING, "", Map.of());
        ModelVersion version = champion(training);

        PipelineRun arrivals = pipeline(
                PipelineKind.FEATURE,
                "arrivals",
                Map.of("count", String.valueOf(ARRIVALS), "outcome-delay", OUTCOME_DELAY.toSeconds() + "s"));
        // More than these where a cadence lets others arrive meanwhile.
        List<String> synthetic = keys().stream()
                .filter(key -> !before.contains(key))
                .limit(ARRIVALS)
                .toList();
        require(synthetic.size() == ARRIVALS, synthetic.size() + " passengers arrived (expected: " + ARRIVALS + ")");

        var predicted = new HashMap<String, String>();
        long millisToFirstPrediction = 0;
        for (String key : synthetic) {
            progress.show("predicting arrivals", predicted.size(), ARRIVALS);
            Prediction prediction = predict(key);
            if (predicted.isEmpty()) {
                millisToFirstPrediction = millisSinceStart();
            }
            predicted.put(key, prediction.getOutput());
        }

        PipelineRun batch = pipeline(PipelineKind.INFERENCE, "", Map.of());
        Map<String, String> outcomes = outcomes(synthetic);
        long right = outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue().equals(predicted.get(outcome.getKey())))
                .count();

        long replayed = 0;
        long identical = 0;
        Iterator<ReplayResult> results = client.audit()
                .replay(ReplayRequest.newBuilder().setSystem(SYSTEM).build());
        while (results.hasNext()) {
            identical += results.next().getIdentical() ? 1 : 0;
            replayed++;
            progress.show("replaying predictions", replayed, 0);
        }
        long predictions = ARRIVALS + batch.getCountsOrDefault("predictions", 0);
        return new DemoReport(
                backfill,
                training,
                arrivals,
                batch,
                synthetic.size(),
                MODEL,
                version,
                outcomes.size(),
                (double) right / outcomes.size(),
                MonitoredLine.of(client, SYSTEM),
                predictions,
                replayed,
                identical,
                millisToFirstPrediction);
    }

    private PipelineRun pipeline(PipelineKind kind, String name, Map<String, String> options) {
        PipelineRun run = ended(started(RunPipelineRequest.newBuilder()
                .setSystem(SYSTEM)
                .setKind(kind)
                .setPipeline(name)
                .putAllOptions(options)
                .build()));
        require(run.getState() == PipelineRun.State.COMPLETED, RunView.headline(run));
        return run;
    }

    /** Where a cadence was first, its run is waited for: two runs of a pipeline never overlap. */
    private PipelineRun started(RunPipelineRequest request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.pipelines().run(request);
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION || attempt == START_ATTEMPTS_MAX) {
                    throw e;
                }
                client.pipelines()
                        .listRuns(ListRunsRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .setKind(request.getKind())
                                .setLimit(RUNS_LOOKED_AT)
                                .build())
                        .getRunsList()
                        .forEach(this::ended);
            }
        }
    }

    private PipelineRun ended(PipelineRun run) {
        PipelineRun last = run;
        Iterator<PipelineRun> moves = client.watching()
                .watchRun(WatchRunRequest.newBuilder().setRunId(run.getRunId()).build());
        while (moves.hasNext()) {
            last = moves.next();
            progress.show(last);
        }
        return last;
    }

    private List<String> keys() {
        var keys = new ArrayList<String>();
        List<String> page;
        do {
            page = client.features()
                    .listKeys(ListKeysRequest.newBuilder()
                            .setSystem(SYSTEM)
                            .setView("profile")
                            .setAfter(keys.isEmpty() ? "" : keys.getLast())
                            .setLimit(KEYS_PAGE)
                            .build())
                    .getKeysList();
            keys.addAll(page);
        } while (page.size() == KEYS_PAGE);
        return keys;
    }

    private ModelVersion champion(PipelineRun training) {
        Model model = client.registry()
                .getModel(GetModelRequest.newBuilder()
                        .setSystem(SYSTEM)
                        .setModel(MODEL)
                        .build());
        int champion = model.getAliasesOrDefault("champion", 0);
        require(champion != 0, "no version became champion: " + training.getNotesMap());
        return model.getVersions(champion - 1);
    }

    private Prediction predict(String key) {
        return client.predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem(SYSTEM)
                        .addInstances(Instance.newBuilder().setKey(key))
                        .build())
                .getPredictions(0);
    }

    /** Lets outcomes arrive, each after its delay, until every passenger has one. */
    private Map<String, String> outcomes(List<String> keys) throws InterruptedException {
        Instant deadline = Instant.now().plus(OUTCOMES_WAIT_MAX);
        var outcomes = new HashMap<String, String>();
        while (outcomes.size() < keys.size() && Instant.now().isBefore(deadline)) {
            Thread.sleep(OUTCOME_DELAY);
            pipeline(
                    PipelineKind.FEATURE,
                    "arrivals",
                    Map.of("count", "0", "outcome-delay", OUTCOME_DELAY.toSeconds() + "s"));
            for (FeatureVector vector : client.features()
                    .read(ReadFeaturesRequest.newBuilder()
                            .setSystem(SYSTEM)
                            .setEntity("passenger")
                            .addAllKeys(keys)
                            .addFeatures("outcome.survived")
                            .build())
                    .getVectorsList()) {
                FeatureValue survived = vector.getValues(0);
                if (survived.getStatus() == FeatureValue.Status.PRESENT) {
                    outcomes.put(vector.getKey(), Output.text(survived.getValue()));
                }
            }
        }
        require(outcomes.size() == keys.size(), outcomes.size() + " outcomes arrived (expected: " + keys.size() + ")");
        return outcomes;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new DemoFailure(otherwise);
        }
    }

    private static long millisSinceStart() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    /** A step of the demo did not do what it must. */
    static final class DemoFailure extends RuntimeException {
        DemoFailure(String message) {
            super(message);
        }
    }
}
