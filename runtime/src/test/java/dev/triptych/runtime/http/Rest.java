package dev.triptych.runtime.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Any client of HTTP and JSON. */
record Rest(String address) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int status, JsonNode json) {
        String error() {
            return json.path("error").asText();
        }
    }

    Answer get(String path) {
        return answer(send(HttpRequest.newBuilder(uri(path)).build()));
    }

    Answer post(String path, String body) {
        return post(path, BodyPublishers.ofString(body));
    }

    Answer post(String path, BodyPublisher body) {
        return answer(send(HttpRequest.newBuilder(uri(path)).POST(body).build()));
    }

    /** @param jsonLength how much of the body is JSON */
    HttpResponse<byte[]> post(String path, byte[] body, int jsonLength) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Inference-Header-Content-Length", String.valueOf(jsonLength))
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), json(new String(response.body(), StandardCharsets.UTF_8)));
    }

    private URI uri(String path) {
        return URI.create("http://" + address + path);
    }

    private static HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
