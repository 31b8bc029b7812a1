package dev.triptych.runtime.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.util.ByteString;
import dev.triptych.kernel.Causes;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Reads request bodies whole, up to a length and for a time. */
final class RequestBodies {

    private static final Duration READ_MAX = Duration.ofSeconds(10);

    /** So many times the longest body is read past, and forgotten, to keep the connection; after that it is closed. */
    private static final long SKIPPED_LENGTHS_MAX = 8;

    /** A body that is longer than the node reads. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException(String length, int bytesMax) {
            super("body: " + length + " (expected: at most " + bytesMax
                    + " bytes; send fewer rows at once, or raise triptych.request-bytes-max)");
        }
    }

    private final ActorSystem<?> system;
    private final int bytesMax;

    RequestBodies(ActorSystem<?> system, int bytesMax) {
        this.system = system;
        this.bytesMax = bytesMax;
    }

    /** Fails with {@link TooLargeException}, or with a timeout where the body does not arrive. */
    CompletionStage<ByteString> read(HttpRequest request) {
        OptionalLong length = request.entity().getContentLengthOption();
        if (length.isPresent() && length.getAsLong() > bytesMax) {
            return skipped(request, length.getAsLong());
        }
        return request.entity()
                .withSizeLimit(bytesMax)
                .toStrict(READ_MAX.toMillis(), system)
                .thenApply(HttpEntity.Strict::getData)
                .exceptionally(failure -> {
                    throw Causes.of(failure) instanceof EntityStreamSizeException
                            ? new TooLargeException("more than " + bytesMax + " bytes", bytesMax)
                            : new CompletionException(Causes.of(failure));
                });
    }

    private CompletionStage<ByteString> skipped(HttpRequest request, long length) {
        var tooLarge = new TooLargeException(length + " bytes", bytesMax);
        if (length > SKIPPED_LENGTHS_MAX * bytesMax) {
            return CompletableFuture.failedStage(tooLarge);
        }
        return request.entity()
                .withoutSizeLimit()
                .discardBytes(system)
                .completionStage()
                .handle((done, failure) -> {
                    throw tooLarge;
                });
    }
}
