package dev.triptych.runtime.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.stream.javadsl.BidiFlow;
import dev.triptych.kernel.Causes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** The node's HTTP port. */
public final class HttpServer implements AutoCloseable {

    private static final long BIND_SECONDS_MAX = 10;
    private static final long DRAIN_SECONDS_MAX = 5;

    private final ServerBinding binding;

    private HttpServer(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * Listens and serves.
     *
     * @param address where to listen; port 0 for any free one
     * @param head until a request's line and headers must have arrived, from the connection or the answer before
     * @param tls empty for a server without
     * @throws IOException if the port cannot be had
     */
    public static HttpServer start(
            ActorSystem<?> system,
            InetSocketAddress address,
            Duration head,
            HttpRoutes routes,
            Optional<SSLContext> tls)
            throws IOException {
        ServerBuilder server = Http.get(system).newServerAt(address.getHostString(), address.getPort());
        try {
            return new HttpServer(tls.map(context -> server.enableHttps(ConnectionContext.httpsServer(context)))
                    .orElse(server)
                    .bindFlow(BidiFlow.fromGraph(new HeadTimeout(head))
                            .join(routes.all().flow(system)))
                    .toCompletableFuture()
                    .get(BIND_SECONDS_MAX, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw new IOException(Causes.message(e), e);
        } catch (TimeoutException e) {
            throw new IOException("not bound within " + BIND_SECONDS_MAX + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was bound", e);
        }
    }

    public int port() {
        return binding.localAddress().getPort();
    }

    /** Listens no longer, lets requests in flight end, then stops. Blocks up to {@value #DRAIN_SECONDS_MAX} s. */
    @Override
    public void close() {
        try {
            binding.terminate(Duration.ofSeconds(DRAIN_SECONDS_MAX))
                    .toCompletableFuture()
                    .get(DRAIN_SECONDS_MAX + 1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // What is left of the connections ends with the actors.
            System.getLogger(HttpServer.class.getName())
                    .log(System.Logger.Level.DEBUG, "connections were left open", e);
        }
    }
}
