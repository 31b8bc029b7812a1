package dev.triptych.runtime.monitoring;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Whoever is told of alerts: a real HTTP server that refuses the first calls. */
final class HookServer implements AutoCloseable {

    /** @param key the header that names the piece of news */
    record Call(String path, String key, String body) {}

    private final HttpServer server;
    private final List<Call> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusalsLeft;

    HookServer(int refusals) throws IOException {
        this.refusalsLeft = new AtomicInteger(refusals);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean refuse = refusalsLeft.getAndDecrement() > 0;
            if (!refuse) {
                taken.add(new Call(
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                        body));
            }
            exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
    }

    List<Call> taken() {
        return taken;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
