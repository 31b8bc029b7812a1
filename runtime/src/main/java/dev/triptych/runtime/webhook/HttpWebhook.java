package dev.triptych.runtime.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.triptych.kernel.Micros;
import dev.triptych.monitoring.AlertWebhook;
import dev.triptych.monitoring.domain.Alert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Posts an alert as a JSON object: {@code id, event (raised or cleared), system, kind, source, measure, value, threshold,
 * rows, since, until, version, raised} and, where there are such, {@code cleared, cleared_value, training_run}. Header
 * {@code Idempotency-Key} is the same for the same piece of news, which a crash can send twice. Any status of 2xx counts
 * as taken; redirects are not followed.
 */
public final class HttpWebhook implements AlertWebhook, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpClient client;

    public HttpWebhook() {
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public CompletionStage<Void> send(String url, Alert alert, boolean ofItsEnd) {
        String event = ofItsEnd ? "cleared" : "raised";
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "triptych")
                .header("Idempotency-Key", ascii(alert.id() + "/" + event))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(alert, event)))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenAccept(response -> {
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException("status " + response.statusCode() + " (expected: 2xx)");
            }
        });
    }

    /** Names of what is watched are letters, digits, dash and underscore; a header takes nothing else for granted. */
    private static String ascii(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "_");
    }

    private static byte[] body(Alert alert, String event) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("id", alert.id());
            out.writeStringField("event", event);
            out.writeStringField("system", alert.subject().system());
            out.writeStringField("kind", alert.subject().kind().name().toLowerCase(Locale.ROOT));
            out.writeStringField("source", alert.subject().source());
            out.writeStringField("measure", alert.subject().measure());
            out.writeNumberField("value", alert.reading().value());
            out.writeNumberField("threshold", alert.reading().threshold());
            out.writeNumberField("rows", alert.reading().rows());
            out.writeStringField("since", time(alert.reading().fromMicros()));
            out.writeStringField("until", time(alert.reading().untilMicros()));
            out.writeNumberField("version", alert.reading().version());
            out.writeStringField("raised", time(alert.raisedMicros()));
            if (alert.cleared().isPresent()) {
                out.writeStringField("cleared", time(alert.cleared().get().atMicros()));
                if (alert.cleared().get().value().isPresent()) {
                    out.writeNumberField(
                            "cleared_value", alert.cleared().get().value().get());
                }
            }
            if (alert.training().isPresent()) {
                out.writeStringField("training_run", alert.training().get().runId());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String time(long micros) {
        return Micros.toInstant(micros).toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
