package dev.triptych.runtime.http;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.Directives.post;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.triptych.runtime.openinference.ModelDescription;
import dev.triptych.runtime.openinference.ModelName;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.runtime.openinference.RefusedException;
import dev.triptych.runtime.openinference.ServedModel;
import dev.triptych.runtime.openinference.TensorDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The Open Inference Protocol's REST form, {@code /v2}. */
final class OpenInferenceRoutes {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final OpenInference protocol;
    private final RequestBodies bodies;
    private final Readers readers;

    OpenInferenceRoutes(OpenInference protocol, RequestBodies bodies, Readers readers) {
        this.protocol = protocol;
        this.bodies = bodies;
        this.readers = readers;
    }

    Route route() {
        return pathPrefix(
                "v2",
                () -> concat(
                        pathPrefix("health", this::health),
                        readers.only(() -> concat(
                                pathEndOrSingleSlash(() -> get(() -> complete(server()))),
                                pathPrefix(
                                        segment("models").slash(segment()),
                                        name -> concat(
                                                pathPrefix(
                                                        segment("versions").slash(segment()),
                                                        version -> model(name, version)),
                                                model(name, "")))))));
    }

    private static HttpResponse server() {
        return ok(out -> {
            out.writeStringField("name", OpenInference.PLATFORM);
            out.writeStringField("version", OpenInference.version());
            out.writeArrayFieldStart("extensions");
            out.writeString(OpenInference.KEY_PARAMETER);
            out.writeString(OpenInference.EXPLAIN_PARAMETER);
            out.writeString(BinaryData.EXTENSION);
            out.writeEndArray();
        });
    }

    private Route health() {
        return concat(
                path("live", () -> get(() -> complete(ok(out -> out.writeBooleanField("live", true))))),
                path(
                        "ready",
                        () -> get(() -> completeWithFuture(protocol.ready(ANSWER_MAX)
                                .thenApply(ready -> readiness(ready, out -> out.writeBooleanField("ready", ready)))))));
    }

    private Route model(String name, String version) {
        return concat(
                pathEndOrSingleSlash(() -> get(() -> completeWithFuture(served(name, version)
                        .describe(ANSWER_MAX)
                        .thenApply(model -> ok(out -> describe(name, model, out)))))),
                path("ready", () -> get(() -> completeWithFuture(ready(name, version)))),
                path(
                        "infer",
                        () -> post(
                                () -> extractRequest(request -> completeWithFuture(infer(name, version, request))))));
    }

    private ServedModel served(String name, String version) {
        return protocol.model(new ModelName(name, version, "model", "version"));
    }

    private CompletionStage<HttpResponse> ready(String name, String version) {
        ServedModel model = served(name, version);
        return model.ready(ANSWER_MAX).thenApply(ready -> {
            if (!ready && !version.isEmpty()) {
                throw model.noSuchVersion();
            }
            return readiness(ready, out -> {
                out.writeStringField("name", name);
                out.writeBooleanField("ready", ready);
            });
        });
    }

    private static void describe(String name, ModelDescription model, JsonGenerator out) throws IOException {
        out.writeStringField("name", name);
        out.writeArrayFieldStart("versions");
        for (int number : model.versions()) {
            out.writeString(String.valueOf(number));
        }
        out.writeEndArray();
        out.writeStringField("platform", OpenInference.PLATFORM);
        tensors("inputs", model.inputs(), out);
        tensors("outputs", model.outputs(), out);
        out.writeObjectFieldStart("properties");
        out.writeStringField("entity", model.signature().entity());
        out.writeStringField("label", model.signature().label());
        out.writeStringField("outputs", String.join(",", model.signature().outputs()));
        out.writeEndObject();
    }

    private static void tensors(String field, List<TensorDescription> tensors, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (TensorDescription tensor : tensors) {
            out.writeStartObject();
            out.writeStringField("name", tensor.name());
            out.writeStringField("datatype", tensor.type().name());
            out.writeArrayFieldStart("shape");
            for (long size : tensor.shape()) {
                out.writeNumber(size);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private CompletionStage<HttpResponse> infer(String name, String version, HttpRequest request) {
        return bodies.read(request).thenCompose(bytes -> {
            ServedModel model = served(name, version);
            ByteBuffer all = bytes.toByteBuffer();
            int json = jsonLength(request, all.remaining());
            InferenceBody body = InferenceBody.parse(all.slice(0, json), all.slice(json, all.remaining() - json));
            return model.infer(body.request(), RequestTraces.of(request), ANSWER_MAX)
                    .thenApply(inference -> InferenceAnswer.of(name, body, inference));
        });
    }

    private static int jsonLength(HttpRequest request, int bodyLength) {
        String text =
                request.getHeader(BinaryData.HEADER).map(HttpHeader::value).orElse("");
        if (text.isEmpty()) {
            return bodyLength;
        }
        long length = JsonScalar.whole(text).orElse(-1L);
        if (length < 0 || length > bodyLength) {
            throw RefusedException.invalid(BinaryData.HEADER, text, "0 to the body's " + bodyLength + " bytes");
        }
        return (int) length;
    }

    private static HttpResponse ok(Json.Content content) {
        return HttpResponse.create().withEntity(Json.object(content));
    }

    private static HttpResponse readiness(boolean ready, Json.Content content) {
        return ok(content).withStatus(ready ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE);
    }
}
