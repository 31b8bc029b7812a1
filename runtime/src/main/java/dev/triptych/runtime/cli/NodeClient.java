package dev.triptych.runtime.cli;

import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.DeploymentServiceGrpc;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.MonitoringServiceGrpc;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.RegistryServiceGrpc;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A connection to one node, with a deadline on every call but the streaming ones. */
final class NodeClient implements AutoCloseable {

    /** What goes wrong is told in one sentence; gRPC would log a stack trace of its own. Held, or it is forgotten. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        GRPC.setLevel(Level.OFF);
    }

    private static final int MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

    private final ManagedChannel channel;
    private final long timeoutSeconds;

    /**
     * @param address {@code host:port}
     * @param credentials whether to speak TLS, and whom to trust
     * @param token empty for a node that asks for none
     */
    NodeClient(String address, ChannelCredentials credentials, String token, long timeoutSeconds) {
        var headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        this.channel = NettyChannelBuilder.forTarget("dns:///" + address, credentials)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        this.timeoutSeconds = timeoutSeconds;
    }

    FeatureServiceGrpc.FeatureServiceBlockingStub features() {
        return FeatureServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    PipelineServiceGrpc.PipelineServiceBlockingStub pipelines() {
        return PipelineServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    /** Without a deadline: a run takes as long as it takes. */
    PipelineServiceGrpc.PipelineServiceBlockingStub watching() {
        return PipelineServiceGrpc.newBlockingStub(channel);
    }

    RegistryServiceGrpc.RegistryServiceBlockingStub registry() {
        return RegistryServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    DeploymentServiceGrpc.DeploymentServiceBlockingStub deployments() {
        return DeploymentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    PredictionServiceGrpc.PredictionServiceBlockingStub predictions() {
        return PredictionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    MonitoringServiceGrpc.MonitoringServiceBlockingStub monitoring() {
        return MonitoringServiceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    }

    /** Without a deadline, as {@link #watching}. */
    AuditServiceGrpc.AuditServiceBlockingStub audit() {
        return AuditServiceGrpc.newBlockingStub(channel);
    }

    /**
     * Replays, and hands over each result as it comes, on gRPC's thread; returns after the last. The blocking stub's
     * iterator wakes another thread for each, which takes twice as long for all of them.
     *
     * @throws StatusRuntimeException as blocking calls do
     */
    void replay(ReplayRequest request, Consumer<ReplayResult> each) {
        var ended = new CompletableFuture<Void>();
        AuditServiceGrpc.newStub(channel).replay(request, new StreamObserver<>() {
            @Override
            public void onNext(ReplayResult result) {
                each.accept(result);
            }

            @Override
            public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                ended.complete(null);
            }
        });
        try {
            ended.join();
        } catch (CompletionException e) {
            throw Status.fromThrowable(e).asRuntimeException(Status.trailersFromThrowable(e));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
