package dev.triptych.runtime.grpc;

import dev.triptych.v1.SystemEvent;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One reader of events. What it has no room for waits, up to a bound; beyond that all that waits is left out, and the
 * reader is told how much. Thread-safe.
 */
final class EventReader {

    private static final int WAITING_MAX = 256;

    private final String system;
    private final ServerCallStreamObserver<SystemEvent> observer;
    private final Deque<SystemEvent> waiting = new ArrayDeque<>();
    private long missed;

    /** @param system whose events are read; empty for all */
    EventReader(String system, ServerCallStreamObserver<SystemEvent> observer) {
        this.system = system;
        this.observer = observer;
        observer.setOnReadyHandler(this::drain);
    }

    boolean isGone() {
        return observer.isCancelled();
    }

    synchronized void tell(SystemEvent event) {
        if (!system.isEmpty()
                && !event.getSystem().isEmpty()
                && !event.getSystem().equals(system)) {
            return;
        }
        if (waiting.size() == WAITING_MAX) {
            missed += waiting.size();
            waiting.clear();
        }
        waiting.add(event);
        drain();
    }

    private synchronized void drain() {
        while (!waiting.isEmpty() && observer.isReady() && !observer.isCancelled()) {
            if (missed > 0) {
                observer.onNext(SystemEvent.newBuilder()
                        .setAt(waiting.getFirst().getAt())
                        .setMissed(missed)
                        .build());
                missed = 0;
            } else {
                observer.onNext(waiting.removeFirst());
            }
        }
    }
}
