package dev.triptych.bench.chaos;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.Value;
import dev.triptych.v1.WatchRunRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write, read, predict and train all the while, on all nodes in turn, and record what they were told. Each key
 * has one writer, which counts up; so a read can be judged: less than what was acknowledged before it began is stale.
 */
final class RecordingClients implements AutoCloseable {

    static final String SYSTEM = "shop";

    /** One of each key, so that none waits for another. */
    private static final int KEYS = 60;

    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(6);

    /** A request that no node answers for so long has failed. */
    private static final Duration REQUEST_MAX = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(100);

    /** Nothing of the key was acknowledged between these two, by nanoTime. */
    record Gap(String key, long fromNanos, long toNanos) {}

    /** An attempt, by nanoTime. */
    record WentWrong(long nanos, String address, Status status) {}

    private final Supplier<List<String>> addresses;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private final AtomicInteger turn = new AtomicInteger();
    private final String tag = UUID.randomUUID().toString().substring(0, 8);

    /** Every count acknowledged, by key; each list is one writer's. */
    final Map<String, List<Long>> acknowledged = new ConcurrentHashMap<>();

    /** The last count ever sent, by key; it may have been written. */
    final Map<String, Long> sent = new ConcurrentHashMap<>();

    final Map<String, Double> predicted = new ConcurrentHashMap<>();
    final List<String> runs = new CopyOnWriteArrayList<>();
    final List<String> stale = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();
    final Set<String> runsFailed = new ConcurrentSkipListSet<>();

    /** Attempts that went wrong; most were answered by another node. */
    final List<WentWrong> errors = new CopyOnWriteArrayList<>();

    final AtomicInteger requests = new AtomicInteger();

    private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();
    private final Map<String, Gap> longest = new ConcurrentHashMap<>();

    /** @param addresses of nodes, also of those that are not there yet or no more; read again before each call */
    RecordingClients(Supplier<List<String>> addresses) {
        this.addresses = addresses;
    }

    /** Features, a version, and every node that serves it. */
    void prepare() {
        run(PipelineKind.FEATURE, "features");
        run(PipelineKind.TRAINING, "first");
        // Each node hears of the version on its own.
        for (int answered = 0; answered < 2 * nodes(); ) {
            boolean predicted = call(
                            "predict",
                            channel -> PredictionServiceGrpc.newBlockingStub(channel)
                                    .predict(PredictRequest.newBuilder()
                                            .setSystem(SYSTEM)
                                            .addInstances(Instance.newBuilder().setKey("o1"))
                                            .build()))
                    .isPresent();
            answered = predicted ? answered + 1 : 0;
        }
        forget();
    }

    private void run(PipelineKind kind, String runId) {
        call(
                runId,
                channel -> PipelineServiceGrpc.newBlockingStub(channel)
                        .run(RunPipelineRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .setKind(kind)
                                .setRunId(runId)
                                .build()));
        finish(runId);
    }

    void start() {
        for (int i = 0; i < KEYS; i++) {
            String key = tag + "-" + i;
            begin(() -> {
                while (!stopping) {
                    writeAndRead(key);
                    pause(PAUSE);
                }
            });
        }
        begin(() -> {
            while (!stopping) {
                predict();
                pause(PAUSE);
            }
        });
        begin(() -> {
            for (int i = 0; !stopping; i++) {
                train(tag + "-run-" + i);
            }
        });
    }

    private void begin(Runnable work) {
        threads.add(Thread.ofVirtual().start(work));
    }

    static void pause(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAndRead(String key) {
        long count = sent.merge(key, 1L, Long::sum);
        var request = WriteFeaturesRequest.newBuilder()
                .setSystem(SYSTEM)
                .setView("placed")
                .setWriteId(key + "-" + count)
                .addRows(FeatureRow.newBuilder()
                        .setKey(key)
                        .setEventTime(Timestamp.newBuilder().setSeconds(1_700_000_000L + count))
                        .putValues("items", Value.newBuilder().setInt64(count).build()))
                .build();
        var written = call(
                "write " + key,
                channel -> FeatureServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ATTEMPT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                        .write(request));
        if (written.isEmpty()) {
            return;
        }
        acknowledged.computeIfAbsent(key, unseen -> new ArrayList<>()).add(count);
        long now = System.nanoTime();
        Long before = lastNanos.put(key, now);
        if (before != null) {
            longest.merge(
                    key,
                    new Gap(key, before, now),
                    (a, b) -> b.toNanos() - b.fromNanos() > a.toNanos() - a.fromNanos() ? b : a);
        }
        read(key)
                .filter(seen -> seen != count)
                .ifPresent(seen -> stale.add(
                        key + ": read " + seen + " after " + count + " was acknowledged, at " + Instant.now()));
    }

    /** The count that a node says is the key's newest; 0 for none. Empty where none answers. */
    Optional<Long> read(String key) {
        var request = ReadFeaturesRequest.newBuilder()
                .setSystem(SYSTEM)
                .setEntity("order")
                .addKeys(key)
                .addFeatures("placed.items")
                .build();
        return call("read " + key, channel -> {
            FeatureValue value = FeatureServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ATTEMPT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .read(request)
                    .getVectors(0)
                    .getValues(0);
            return value.getStatus() == FeatureValue.Status.PRESENT
                    ? value.getValue().getInt64()
                    : 0L;
        });
    }

    private void predict() {
        var request = PredictRequest.newBuilder()
                .setSystem(SYSTEM)
                .addInstances(Instance.newBuilder().setKey("o" + (1 + turn.get() % 9)))
                .build();
        call(
                        "predict",
                        channel -> PredictionServiceGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(ATTEMPT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                                .predict(request))
                .ifPresent(response -> {
                    Prediction prediction = response.getPredictions(0);
                    predicted.put(prediction.getId(), prediction.getScoresOrThrow("true"));
                });
    }

    private void train(String runId) {
        var begun = call(
                "train " + runId,
                channel -> PipelineServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ATTEMPT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                        .run(RunPipelineRequest.newBuilder()
                                .setSystem(SYSTEM)
                                .setKind(PipelineKind.TRAINING)
                                .setRunId(runId)
                                .build()));
        if (begun.isPresent()) {
            runs.add(runId);
            finish(runId);
        }
    }

    /** Waits for a run, and records it as failed where it does not complete. */
    void finish(String runId) {
        call("watch " + runId, channel -> {
                    var moves = PipelineServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ATTEMPT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                            .watchRun(
                                    WatchRunRequest.newBuilder().setRunId(runId).build());
                    PipelineRun last = PipelineRun.getDefaultInstance();
                    while (moves.hasNext()) {
                        last = moves.next();
                    }
                    return last;
                })
                .filter(run -> run.getState() != PipelineRun.State.COMPLETED)
                .ifPresent(run -> runsFailed.add(runId + " ended " + run.getState() + ": " + run.getReason()));
    }

    /** Tries one node after the other, as a client with several addresses does. Empty where none answers in time. */
    <T> Optional<T> call(String what, Function<ManagedChannel, T> call) {
        requests.incrementAndGet();
        long giveUp = System.nanoTime() + REQUEST_MAX.toNanos();
        @Nullable StatusRuntimeException last = null;
        for (int node = turn.getAndIncrement(); System.nanoTime() - giveUp < 0; node++) {
            List<String> nodes = addresses.get();
            String address = nodes.get(Math.floorMod(node, nodes.size()));
            try {
                return Optional.of(call.apply(channels.computeIfAbsent(address, RecordingClients::connect)));
            } catch (StatusRuntimeException e) {
                last = e;
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE
                        && e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED
                        && e.getStatus().getCode() != Status.Code.CANCELLED) {
                    break;
                }
                // Nobody listens where no node is; that is no answer that went wrong.
                if (!(e.getStatus().getCause() instanceof ConnectException)) {
                    errors.add(new WentWrong(System.nanoTime(), address, e.getStatus()));
                }
                pause(PAUSE_AFTER_ERROR);
            }
        }
        if (!stopping) {
            failed.add(what + ": " + last);
        }
        return Optional.empty();
    }

    private static ManagedChannel connect(String address) {
        return NettyChannelBuilder.forTarget(address).usePlaintext().build();
    }

    int nodes() {
        return addresses.get().size();
    }

    boolean haveSeenEveryKeyTwice() {
        return longest.size() == KEYS;
    }

    /** Counts from here on. */
    void forget() {
        errors.clear();
        failed.clear();
        runsFailed.clear();
        longest.clear();
        requests.set(0);
    }

    /** The longest time that each key was not acknowledged. */
    List<Gap> gaps() {
        return List.copyOf(longest.values());
    }

    int acknowledgedInAll() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    /** Lets every request under way end. */
    void stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(REQUEST_MAX.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }

    @Override
    public void close() {
        stop();
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
