package dev.triptych.runtime.http.api;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a streaming call, each asked for once there is room for it, so that a slow reader slows the service
 * and nothing is kept in between. Only the first is asked for at once.
 */
final class AnswerStream extends ClientCall.Listener<Message> {

    private final ClientCall<Message, Message> call;
    private final CompletableFuture<Optional<Message>> first = new CompletableFuture<>();
    private CompletableFuture<Optional<Message>> waiting = first;
    private @Nullable CompletableFuture<Optional<Message>> end;
    private boolean isRead;
    private boolean isFirstTaken;

    private AnswerStream(ClientCall<Message, Message> call) {
        this.call = call;
    }

    static AnswerStream start(ClientCall<Message, Message> call, Message request) {
        var stream = new AnswerStream(call);
        call.start(stream, new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
        return stream;
    }

    /** The first answer, none if there is none, or why the call failed before it. */
    CompletionStage<Optional<Message>> first() {
        return first;
    }

    /** All answers, to be read once. Who stops reading cancels the call. */
    Source<Message, NotUsed> messages() {
        return Source.unfoldResourceAsync(this::begin, AnswerStream::next, AnswerStream::close)
                .mapMaterializedValue(begun -> NotUsed.getInstance());
    }

    /** For answers that nobody came to read. */
    synchronized void closeUnlessRead() {
        if (!isRead) {
            close();
        }
    }

    private synchronized CompletionStage<AnswerStream> begin() {
        isRead = true;
        return CompletableFuture.completedStage(this);
    }

    private CompletionStage<Optional<Message>> next() {
        CompletableFuture<Optional<Message>> asked;
        synchronized (this) {
            if (!isFirstTaken) {
                isFirstTaken = true;
                return first;
            }
            if (end != null) {
                return end;
            }
            asked = new CompletableFuture<>();
            waiting = asked;
        }
        call.request(1);
        return asked;
    }

    private CompletionStage<Done> close() {
        call.cancel("nobody reads the answers", null);
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public void onMessage(Message message) {
        CompletableFuture<Optional<Message>> asked;
        synchronized (this) {
            asked = waiting;
        }
        asked.complete(Optional.of(message));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        StatusRuntimeException failure = status.asRuntimeException(trailers);
        CompletableFuture<Optional<Message>> asked;
        synchronized (this) {
            end = status.isOk()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(failure);
            asked = waiting;
        }
        // Neither changes anything where the last message has been told.
        if (status.isOk()) {
            asked.complete(Optional.empty());
        } else {
            asked.completeExceptionally(failure);
        }
    }
}
