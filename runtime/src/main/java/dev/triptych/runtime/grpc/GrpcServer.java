package dev.triptych.runtime.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;

/** The node's gRPC port: Triptych's services, health and reflection. */
public final class GrpcServer implements AutoCloseable {

    private static final int METADATA_BYTES_MAX = 64 * 1024;
    private static final long DRAIN_SECONDS_MAX = 5;

    private final Server server;
    private final HealthStatusManager health;

    private GrpcServer(Server server, HealthStatusManager health) {
        this.server = server;
        this.health = health;
    }

    /**
     * Listens and serves; health says NOT_SERVING until {@link #ready} says otherwise.
     *
     * @param address where to listen; port 0 for any free one
     * @param requestBytesMax longest message that is read
     * @param connections what they may cost
     * @param meters count calls and how long they take
     * @param certificate what clients see; empty for a server without TLS
     * @throws IOException if the port cannot be had
     */
    public static GrpcServer start(
            InetSocketAddress address,
            int requestBytesMax,
            Connections connections,
            GrpcServices services,
            MeterRegistry meters,
            Optional<KeyManager> certificate)
            throws IOException {
        var health = new HealthStatusManager();
        ServerCredentials credentials = certificate
                .map(keys -> TlsServerCredentials.newBuilder().keyManager(keys).build())
                .orElseGet(InsecureServerCredentials::create);
        // Every endpoint only asks actors, so calls may run on the transport's own threads.
        var builder = NettyServerBuilder.forAddress(address, credentials)
                .directExecutor()
                .maxInboundMessageSize(requestBytesMax)
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(connections.callsMax())
                .handshakeTimeout(connections.handshake().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(connections.idle().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(connections.keepalive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(connections.keepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(connections.keepaliveMin().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        services.all().forEach(builder::addService);
        services.interceptors().forEach(builder::intercept);
        // The last is called first: calls that are refused are counted, too.
        builder.intercept(new MetricCollectingServerInterceptor(meters));
        var server = new GrpcServer(builder.build().start(), health);
        server.ready(false);
        return server;
    }

    /** What health says from now on. */
    public void ready(boolean is) {
        ServingStatus status = is ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        server.getServices()
                .forEach(service ->
                        health.setStatus(service.getServiceDescriptor().getName(), status));
    }

    public int port() {
        return server.getPort();
    }

    /** Turns health to NOT_SERVING, lets calls in flight end, then stops. Blocks up to {@value #DRAIN_SECONDS_MAX} s. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
