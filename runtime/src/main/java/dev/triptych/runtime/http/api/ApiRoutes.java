package dev.triptych.runtime.http.api;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.Uri;
import akka.http.javadsl.server.Route;
import akka.http.scaladsl.model.IllegalUriException;
import akka.util.ByteString;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.Message;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.calls.TraceParent;
import io.grpc.Metadata;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Every call of the service contract as HTTP and JSON, below {@code /api}, and its description at {@code /openapi.json}. */
public final class ApiRoutes {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of(TraceParent.HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private final ActorSystem<?> system;
    private final Operations operations;
    private final ServiceCalls calls;
    private final Function<HttpRequest, CompletionStage<ByteString>> bodies;
    private final Function<HttpRequest, Optional<String>> traces;
    private final HttpResponse document;

    /**
     * @param bodies reads a request's body whole, or fails where that is too long
     * @param traces the {@code traceparent} of a request that is traced
     */
    public ApiRoutes(
            ActorSystem<?> system,
            LocalCalls calls,
            Function<HttpRequest, CompletionStage<ByteString>> bodies,
            Function<HttpRequest, Optional<String>> traces) {
        this.system = system;
        this.operations = Operations.of(calls.services());
        this.calls = new ServiceCalls(calls.channel());
        this.bodies = bodies;
        this.traces = traces;
        this.document = HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, OpenApiDocument.of(operations)));
    }

    public Route route() {
        return concat(
                pathPrefix("api", () -> extractRequest(request -> completeWithFuture(response(request)))),
                path("openapi.json", () -> get(() -> complete(document))));
    }

    private CompletionStage<HttpResponse> response(HttpRequest request) {
        CompletionStage<HttpResponse> answer;
        try {
            answer = answer(request);
        } catch (RefusedRequestException e) {
            request.discardEntityBytes(system);
            answer = CompletableFuture.failedStage(e);
        }
        return answer.exceptionally(failure ->
                ErrorAnswer.of(failure).map(ErrorAnswer::response).orElseThrow(() -> new CompletionException(failure)));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        SameOrigin.requireHost(request);
        Operations.Found found = find(request);
        Map<String, List<String>> query = new LinkedHashMap<>(query(request.getUri()));
        AnswerFormat format = AnswerFormat.of(request, query);
        query.remove(AnswerFormat.PARAMETER);
        Operation operation = found.operation();
        Metadata headers = caller(request);
        traces.apply(request).ifPresent(trace -> headers.put(TRACE_PARENT, trace));
        if (!operation.hasBody()) {
            Message question = RequestMessages.read(operation, found.pathValues(), query, "");
            request.discardEntityBytes(system);
            return answer(operation, question, headers, format);
        }
        SameOrigin.require(request);
        return bodies.apply(request)
                .thenCompose(body -> answer(
                        operation,
                        RequestMessages.read(operation, found.pathValues(), query, text(body)),
                        headers,
                        format));
    }

    /** Whether it will do is for the services to say, as for any of their callers. */
    private static Metadata caller(HttpRequest request) {
        var headers = new Metadata();
        request.getHeader("Authorization")
                .filter(header -> StandardCharsets.US_ASCII.newEncoder().canEncode(header.value()))
                .ifPresent(header -> headers.put(AUTHORIZATION, header.value()));
        request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .ifPresent(address -> headers.put(LocalCalls.CLIENT_ADDRESS, address.getHostAddress()));
        return headers;
    }

    private CompletionStage<HttpResponse> answer(
            Operation operation, Message request, Metadata headers, AnswerFormat format) {
        if (operation.isStreaming()) {
            AnswerStream stream = calls.stream(operation, request, headers);
            return format == AnswerFormat.CSV
                    ? StreamedAnswer.table(stream, operation.declared(), system)
                    : StreamedAnswer.of(stream, format, system);
        }
        return calls.ask(operation, request, headers)
                .thenApply(answer ->
                        WholeAnswer.of(answer, format, operation.declared().getName()));
    }

    private Operations.Found find(HttpRequest request) {
        List<String> segments = ImmutableList.copyOf(request.getUri().pathSegments());
        return operations.find(request.method().name(), segments).orElseThrow(() -> {
            List<String> methods = operations.methods(segments);
            return methods.isEmpty()
                    ? new RefusedRequestException(
                            StatusCodes.NOT_FOUND,
                            "path: " + request.getUri().path() + " (expected: one that /openapi.json has)",
                            Optional.of("path"))
                    : new RefusedRequestException(
                            StatusCodes.METHOD_NOT_ALLOWED,
                            "method: " + request.method().name() + " (expected: " + String.join(", ", methods) + ")",
                            Optional.of("method"));
        });
    }

    private static Map<String, List<String>> query(Uri uri) {
        var values = new LinkedHashMap<String, List<String>>();
        try {
            uri.query(StandardCharsets.UTF_8, Uri.RELAXED)
                    .toList()
                    .forEach(pair -> values.computeIfAbsent(pair.first(), unseen -> new ArrayList<>())
                            .add(pair.second()));
        } catch (IllegalUriException e) {
            throw RefusedRequestException.invalid("query", uri.rawQueryString().orElse(""), "name=value&name=value");
        }
        return values;
    }

    private static String text(ByteString body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(body.toByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw RefusedRequestException.invalid("body", body.size() + " bytes", "UTF-8");
        }
    }
}
