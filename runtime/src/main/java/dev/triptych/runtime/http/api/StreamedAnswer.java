package dev.triptych.runtime.http.api;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.japi.pf.PFBuilder;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of a stream as they come: server-sent events, the last of which is {@code end} or {@code error}; or a
 * JSON object a line, where a failure is the last line, with a member {@code error}.
 */
final class StreamedAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);

    /** So long a first answer may take before the response begins without it; a failure until then has its own status. */
    private static final Duration BEGIN_AFTER = Duration.ofSeconds(5);

    /** A response that nobody has begun to read by then was never sent. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    /** Less than the time after which the server closes idle connections. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /** While a client is slow, small answers are put together up to so many bytes. */
    private static final long BATCH_BYTES_MAX = 64 * 1024;

    private static final int TABLE_ROWS_MAX = 10_000;
    private static final Duration TABLE_MAX = Duration.ofSeconds(20);

    private static final ContentType LINES = MediaTypes.applicationWithFixedCharset(
                    "x-ndjson", HttpCharsets.UTF_8, "ndjson")
            .toContentType();
    private static final ContentType EVENTS = MediaTypes.TEXT_EVENT_STREAM.toContentType();

    private StreamedAnswer() {}

    static CompletionStage<HttpResponse> of(AnswerStream stream, AnswerFormat format, ActorSystem<?> system) {
        HttpResponse response = response(stream, format);
        CompletionStage<HttpResponse> begun = stream.first()
                .thenApply(first -> response)
                .toCompletableFuture()
                .completeOnTimeout(response, BEGIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        system.scheduler()
                .scheduleOnce(BEGIN_AFTER.plus(READ_WITHIN), stream::closeUnlessRead, system.executionContext());
        return begun;
    }

    /** All of it as one table, where it ends soon enough and is not too long. */
    static CompletionStage<HttpResponse> table(
            AnswerStream stream, Descriptors.MethodDescriptor declared, ActorSystem<?> system) {
        return stream.messages()
                .take(TABLE_ROWS_MAX + 1L)
                .completionTimeout(TABLE_MAX)
                .runWith(Sink.seq(), system)
                .thenApply(messages -> {
                    if (messages.size() > TABLE_ROWS_MAX) {
                        throw AnswerFormat.CSV.unfit("json: there are more than " + TABLE_ROWS_MAX + " rows");
                    }
                    return WholeAnswer.table(CsvTable.of(declared.getOutputType(), messages), declared.getName());
                });
    }

    private static HttpResponse response(AnswerStream stream, AnswerFormat format) {
        boolean isEvents = format == AnswerFormat.EVENTS;
        Source<ByteString, NotUsed> bytes = isEvents ? events(stream) : lines(stream);
        return HttpResponse.create()
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(HttpEntities.createChunked(
                        isEvents ? EVENTS : LINES,
                        bytes.batchWeighted(
                                BATCH_BYTES_MAX, each -> (long) each.size(), each -> each, ByteString::concat)));
    }

    private static Source<ByteString, NotUsed> events(AnswerStream stream) {
        return stream.messages()
                .map(message -> "data: " + MessageJson.of(message) + "\n\n")
                .concat(Source.single("event: end\ndata: {}\n\n"))
                .recover(new PFBuilder<Throwable, String>()
                        .matchAny(failure -> "event: error\ndata: " + error(failure) + "\n\n")
                        .build())
                .keepAlive(KEEP_ALIVE, () -> ":\n\n")
                .map(ByteString::fromString);
    }

    private static Source<ByteString, NotUsed> lines(AnswerStream stream) {
        return stream.messages()
                .map((Message message) -> MessageJson.of(message) + "\n")
                .recover(new PFBuilder<Throwable, String>()
                        .matchAny(failure -> error(failure) + "\n")
                        .build())
                .keepAlive(KEEP_ALIVE, () -> "\n")
                .map(ByteString::fromString);
    }

    private static String error(Throwable failure) {
        return ErrorAnswer.of(failure).map(ErrorAnswer::json).orElseGet(() -> {
            LOG.error("a stream failed for a reason nobody foresaw", failure);
            return "{\"error\":\"failed; the node's log says why\"}";
        });
    }
}
