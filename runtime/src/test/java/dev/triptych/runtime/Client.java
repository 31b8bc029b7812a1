package dev.triptych.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.DeploymentServiceGrpc;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.Model;
import dev.triptych.v1.MonitoringServiceGrpc;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.RegistryServiceGrpc;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.Value;
import dev.triptych.v1.WatchRunRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A client of one system, over a connection of its own, without deadlines. */
public final class Client implements AutoCloseable {

    private static final int PAGE = 1_000;

    private final ManagedChannel channel;
    private final String system;

    /** @param address {@code host:port} */
    public Client(String address, String system) {
        this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        this.system = system;
    }

    public Channel channel() {
        return channel;
    }

    public FeatureServiceGrpc.FeatureServiceBlockingStub features() {
        return FeatureServiceGrpc.newBlockingStub(channel);
    }

    public PipelineServiceGrpc.PipelineServiceBlockingStub pipelines() {
        return PipelineServiceGrpc.newBlockingStub(channel);
    }

    public RegistryServiceGrpc.RegistryServiceBlockingStub registry() {
        return RegistryServiceGrpc.newBlockingStub(channel);
    }

    public DeploymentServiceGrpc.DeploymentServiceBlockingStub deployments() {
        return DeploymentServiceGrpc.newBlockingStub(channel);
    }

    public PredictionServiceGrpc.PredictionServiceBlockingStub predictions() {
        return PredictionServiceGrpc.newBlockingStub(channel);
    }

    public AuditServiceGrpc.AuditServiceBlockingStub audit() {
        return AuditServiceGrpc.newBlockingStub(channel);
    }

    public MonitoringServiceGrpc.MonitoringServiceBlockingStub monitoring() {
        return MonitoringServiceGrpc.newBlockingStub(channel);
    }

    /**
     * Starts a run.
     *
     * @param pipeline empty for the only one of its kind
     * @param runId empty for one that the node makes up
     */
    public String run(PipelineKind kind, String pipeline, String runId) {
        return pipelines()
                .run(RunPipelineRequest.newBuilder()
                        .setSystem(system)
                        .setKind(kind)
                        .setPipeline(pipeline)
                        .setRunId(runId)
                        .build())
                .getRunId();
    }

    /** Waits for the run, which must complete. */
    public PipelineRun finish(String runId) {
        Iterator<PipelineRun> moves = pipelines()
                .watchRun(WatchRunRequest.newBuilder().setRunId(runId).build());
        PipelineRun last = PipelineRun.getDefaultInstance();
        while (moves.hasNext()) {
            last = moves.next();
        }
        assertThat(last.getState()).as(last.toString()).isEqualTo(PipelineRun.State.COMPLETED);
        return last;
    }

    /** Runs the only pipeline of its kind to its end. */
    public PipelineRun complete(PipelineKind kind) {
        return finish(run(kind, "", ""));
    }

    public Model model(String name) {
        return registry()
                .getModel(GetModelRequest.newBuilder()
                        .setSystem(system)
                        .setModel(name)
                        .build());
    }

    /** Every recorded prediction, page by page. */
    public List<Prediction> listPredictions() {
        var all = new ArrayList<Prediction>();
        List<Prediction> page;
        do {
            page = predictions()
                    .listPredictions(ListPredictionsRequest.newBuilder()
                            .setSystem(system)
                            .setAfter(all.isEmpty() ? "" : all.getLast().getId())
                            .setLimit(PAGE)
                            .build())
                    .getPredictionsList();
            all.addAll(page);
        } while (!page.isEmpty());
        return all;
    }

    /** The score of an outcome in every recorded prediction, by id. */
    public Map<String, Double> listedScores(String outcome) {
        var scores = new HashMap<String, Double>();
        listPredictions().forEach(prediction -> scores.put(prediction.getId(), prediction.getScoresOrThrow(outcome)));
        return scores;
    }

    /**
     * Values of a feature by key, of the keys that have one now.
     *
     * @param asked {@link #features()}, with a deadline where there is one
     */
    public Map<String, Long> wholeNumbers(
            FeatureServiceGrpc.FeatureServiceBlockingStub asked,
            String entity,
            Collection<String> keys,
            String feature) {
        var found = new HashMap<String, Long>();
        asked.read(ReadFeaturesRequest.newBuilder()
                        .setSystem(system)
                        .setEntity(entity)
                        .addAllKeys(keys)
                        .addFeatures(feature)
                        .build())
                .getVectorsList()
                .forEach(vector -> {
                    FeatureValue value = vector.getValues(0);
                    if (value.getStatus() == FeatureValue.Status.PRESENT) {
                        found.put(vector.getKey(), value.getValue().getInt64());
                    }
                });
        return found;
    }

    /** Every recorded prediction, computed again. */
    public List<ReplayResult> replays() {
        var all = new ArrayList<ReplayResult>();
        audit().replay(ReplayRequest.newBuilder().setSystem(system).build()).forEachRemaining(all::add);
        return all;
    }

    public static Timestamp time(String instant) {
        return time(Instant.parse(instant));
    }

    public static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static Value number(double value) {
        return Value.newBuilder().setFloat64(value).build();
    }

    public static Value whole(long value) {
        return Value.newBuilder().setInt64(value).build();
    }

    public static Value text(String value) {
        return Value.newBuilder().setText(value).build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
