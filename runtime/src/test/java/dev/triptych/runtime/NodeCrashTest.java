package dev.triptych.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.Value;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node, killed at random moments while it writes, trains and predicts, and started again on what it left: its
 * PostgreSQL too, which goes on without it until the next start stops it. Whatever a client was told counts, is there.
 */
class NodeCrashTest {

    private static final Path SYSTEMS = Path.of("..", "config", "systems");
    private static final Path PID_FILE = Path.of("postgres", "postmaster.pid");

    private static final int KILLS = 2;
    private static final int OPERATIONS_BEFORE_KILL_MIN = 150;
    private static final int OPERATIONS_BEFORE_KILL_SPREAD = 400;

    /** Event times of written rows: all of one day, so that each is the newest of its key. */
    private static final long EVENT_SECONDS = 1_700_000_000L;

    private final Map<String, Long> acknowledgedRows = new ConcurrentHashMap<>();
    private final Map<String, Double> acknowledgedPredictions = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingAcknowledgedIsLostAndNothingIsRegisteredTwice(@TempDir Path data) throws Exception {
        long seed = System.nanoTime();
        System.out.println("kills are drawn with seed " + seed);
        var random = new Random(seed);
        var runIds = new ArrayList<String>();

        for (int kill = 0; kill < KILLS; kill++) {
            String runId = "run-" + kill;
            Optional<ProcessHandle> leftBehind = kill == 0 ? Optional.empty() : Optional.of(postgres(data));
            NodeProcess node = NodeProcess.start(data, SYSTEMS);
            assertThat(leftBehind.filter(ProcessHandle::isAlive))
                    .as("stopped by the next start")
                    .isEmpty();
            try (var client = new Client(node.address(), "titanic")) {
                if (runIds.isEmpty()) {
                    client.finish(client.run(PipelineKind.FEATURE, "passengers", "backfill"));
                    runIds.add(client.run(PipelineKind.TRAINING, "survival", "first"));
                }
                // The run that the last kill interrupted goes on by itself, and is let to end.
                client.finish(runIds.getLast());
                runIds.add(runId);
                client.run(PipelineKind.TRAINING, "survival", runId);
                loadUntil(client, OPERATIONS_BEFORE_KILL_MIN + random.nextInt(OPERATIONS_BEFORE_KILL_SPREAD), node);
            }
            assertThat(postgres(data).isAlive()).as("outlives its node").isTrue();
        }

        try (Node node = Node.start(ShopSystem.settings(data, SYSTEMS));
                var client = new Client(node.grpcAddress(), "titanic")) {
            for (String runId : runIds) {
                client.finish(runId);
            }
            everyAcknowledgedRowIsRead(client);
            everyAcknowledgedPredictionIsListedAndReplays(client);
            everyRunRegisteredOneVersion(client, runIds);
        }
        assertThat(data.resolve(PID_FILE)).as("stopped with its node").doesNotExist();
        assertThat(acknowledgedRows).isNotEmpty();
        assertThat(acknowledgedPredictions).isNotEmpty();
    }

    /** Writes and predicts from several threads, and kills the node once so many were acknowledged. */
    private void loadUntil(Client client, int operations, NodeProcess node) throws InterruptedException {
        var enough = new CountDownLatch(operations);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 2; i++) {
                threads.execute(() -> untilTheNodeIsGone(() -> {
                    writeOne(client);
                    enough.countDown();
                }));
                threads.execute(() -> untilTheNodeIsGone(() -> {
                    predictOne(client);
                    enough.countDown();
                }));
            }
            enough.await();
            node.kill();
        }
    }

    private static ProcessHandle postgres(Path data) throws IOException {
        String pid = Files.readAllLines(data.resolve(PID_FILE)).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    private static void untilTheNodeIsGone(Runnable operation) {
        try {
            while (true) {
                operation.run();
            }
        } catch (StatusRuntimeException gone) {
            // Not acknowledged: it may have happened or not, and nothing is claimed of it.
        }
    }

    private void writeOne(Client client) {
        long number = next.incrementAndGet();
        String key = "w" + number;
        client.features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem("titanic")
                        .setView("profile")
                        .setWriteId("write-" + number)
                        .addRows(FeatureRow.newBuilder()
                                .setKey(key)
                                .setEventTime(Timestamp.newBuilder().setSeconds(EVENT_SECONDS))
                                .putValues(
                                        "sex",
                                        Value.newBuilder().setText("female").build())
                                .putValues(
                                        "parch",
                                        Value.newBuilder().setInt64(number).build()))
                        .build());
        acknowledgedRows.put(key, number);
    }

    private void predictOne(Client client) {
        String key = String.format("p%04d", 1 + next.incrementAndGet() % 1309);
        Prediction prediction = client.predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("titanic")
                        .addInstances(Instance.newBuilder().setKey(key))
                        .build())
                .getPredictions(0);
        acknowledgedPredictions.put(prediction.getId(), prediction.getScoresOrThrow("true"));
    }

    private void everyAcknowledgedRowIsRead(Client client) {
        assertThat(client.wholeNumbers(client.features(), "passenger", acknowledgedRows.keySet(), "profile.parch"))
                .isEqualTo(acknowledgedRows);
    }

    private void everyAcknowledgedPredictionIsListedAndReplays(Client client) {
        Map<String, Double> listed = client.listedScores("true");
        assertThat(listed).containsAllEntriesOf(acknowledgedPredictions);

        List<ReplayResult> replays = client.replays();
        assertThat(replays).allMatch(ReplayResult::getIdentical).hasSameSizeAs(listed.entrySet());
    }

    private static void everyRunRegisteredOneVersion(Client client, List<String> runIds) {
        Model model = client.model("survival");
        assertThat(model.getVersionsList().stream()
                        .map(ModelVersion::getProvenance)
                        .map(provenance -> provenance.getRunId()))
                .containsExactlyInAnyOrderElementsOf(runIds);
    }
}
