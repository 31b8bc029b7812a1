package dev.triptych.runtime.calls;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The node's services behind a channel within the process. Calls go through the same objects as calls from outside, with
 * gRPC's deadlines, cancellation and flow control; messages are handed over as they are.
 */
public final class LocalCalls implements AutoCloseable {

    /** Where those are whom a call is made for; believed of callers in this process alone. */
    public static final Metadata.Key<String> CLIENT_ADDRESS =
            Metadata.Key.of("triptych-client-address", Metadata.ASCII_STRING_MARSHALLER);

    private static final long DRAIN_SECONDS_MAX = 5;

    private final Server server;
    private final ManagedChannel channel;

    private LocalCalls(Server server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** @param interceptors see every call before its service does */
    public static LocalCalls start(List<ServerServiceDefinition> services, List<ServerInterceptor> interceptors) {
        String name = InProcessServerBuilder.generateName();
        // Endpoints only ask actors, so calls run on the thread that makes them.
        var builder = InProcessServerBuilder.forName(name).directExecutor();
        services.forEach(builder::addService);
        interceptors.forEach(builder::intercept);
        try {
            Server server = builder.build().start();
            return new LocalCalls(
                    server,
                    InProcessChannelBuilder.forName(name).directExecutor().build());
        } catch (IOException e) {
            throw new UncheckedIOException("a name made up is taken: " + name, e);
        }
    }

    public Channel channel() {
        return channel;
    }

    public List<ServiceDescriptor> services() {
        return server.getServices().stream()
                .map(ServerServiceDefinition::getServiceDescriptor)
                .toList();
    }

    /** Lets calls in flight end, then stops. Blocks up to {@value #DRAIN_SECONDS_MAX} s. */
    @Override
    public void close() {
        channel.shutdown();
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
