package dev.triptych.runtime.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
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

    /**
     * Sends all of them, and answers once there is room for more; fails with a {@link CancellationException} once nobody
     * listens.
     *
     * @param messages asked for one by one, as there is room for them
     */
    synchronized CompletionStage<Boolean> send(Iterator<T> messages) {
        while (messages.hasNext()) {
            if (observer.isCancelled()) {
                return CompletableFuture.failedFuture(new CancellationException("the client went away"));
            }
            observer.onNext(messages.next());
            if (!observer.isReady()) {
                var room = new CompletableFuture<Boolean>();
                waiting = room;
                return room.thenCompose(resumed -> send(messages));
            }
        }
        return CompletableFuture.completedStage(true);
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
