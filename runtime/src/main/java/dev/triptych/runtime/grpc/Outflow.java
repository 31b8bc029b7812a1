package dev.triptych.runtime.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends a stream of messages no faster than the client takes them. Made before the call's method returns. */
final class Outflow<T> {

    private final ServerCallStreamObserver<T> observer;
    private @Nullable CompletableFuture<Boolean> waiting;

    Outflow(ServerCallStreamObserver<T> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::resume);
        observer.setOnCancelHandler(this::resume);
    }

    /** Sends, and answers once there is room for the next; fails with a {@link CancellationException} once nobody listens. */
    synchronized CompletionStage<T> send(T message) {
        if (observer.isCancelled()) {
            return CompletableFuture.failedFuture(new CancellationException("the client went away"));
        }
        observer.onNext(message);
        if (observer.isReady()) {
            return CompletableFuture.completedFuture(message);
        }
        var room = new CompletableFuture<Boolean>();
        waiting = room;
        return room.thenApply(resumed -> message);
    }

    private void resume() {
        CompletableFuture<Boolean> resumed;
        synchronized (this) {
            resumed = waiting;
            waiting = null;
        }
        if (resumed != null) {
            resumed.complete(true);
        }
    }
}
