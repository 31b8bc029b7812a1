package dev.triptych.runtime.telemetry;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes traces over OTLP (HTTP, protobuf), as a collector does. */
final class Collector implements AutoCloseable {

    /** A span, and the node that it is of. */
    record Received(String node, Span span) {
        String traceId() {
            return HexFormat.of().formatHex(span.getTraceId().toByteArray());
        }

        String id() {
            return HexFormat.of().formatHex(span.getSpanId().toByteArray());
        }

        String parent() {
            return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private Collector(HttpServer server) {
        this.server = server;
    }

    static Collector start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var collector = new Collector(server);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
                        .getResourceSpansList()
                        .forEach(collector::receive);
                exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
                byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
                exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            }
        });
        server.start();
        return collector;
    }

    private void receive(ResourceSpans spans) {
        String node = spans.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.instance.id"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
        for (ScopeSpans scope : spans.getScopeSpansList()) {
            scope.getSpansList().forEach(span -> received.add(new Received(node, span)));
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** The span of a trace with this name, once it has arrived. */
    Received span(String traceId, String name, Duration atMost) {
        return await(name)
                .atMost(atMost)
                .until(
                        () -> received.stream()
                                .filter(each -> each.traceId().equals(traceId))
                                .filter(each -> each.span().getName().equals(name))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<String> ofTrace(String traceId) {
        return received.stream()
                .filter(each -> each.traceId().equals(traceId))
                .map(each -> each.span().getName())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
