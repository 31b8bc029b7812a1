package dev.triptych.runtime.cli;

import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.PredictRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Predicts the Titanic's passengers as they arrive, as a client would, so that there are answers for the outcomes that
 * follow them.
 */
final class ArrivingPassengers implements AutoCloseable {

    private static final String SYSTEM = "titanic";
    private static final Duration LOOKED_FOR_EVERY = Duration.ofSeconds(2);
    private static final int KEYS_PAGE = 1_000;

    private final NodeClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("arriving-passengers").factory());
    private String last;

    private ArrivingPassengers(NodeClient client, String last) {
        this.client = client;
        this.last = last;
    }

    /** Predicts whoever arrives from now on, until closed. */
    static ArrivingPassengers predict(NodeClient client) {
        var arriving = new ArrivingPassengers(client, "");
        List<String> known;
        do {
            known = arriving.next();
        } while (!known.isEmpty());
        arriving.thread.scheduleWithFixedDelay(
                arriving::predictNext, 0, LOOKED_FOR_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return arriving;
    }

    private List<String> next() {
        List<String> keys = client.features()
                .listKeys(ListKeysRequest.newBuilder()
                        .setSystem(SYSTEM)
                        .setView("profile")
                        .setAfter(last)
                        .setLimit(KEYS_PAGE)
                        .build())
                .getKeysList();
        if (!keys.isEmpty()) {
            last = keys.getLast();
        }
        return keys;
    }

    private void predictNext() {
        try {
            List<String> keys = next();
            if (!keys.isEmpty()) {
                var request = PredictRequest.newBuilder().setSystem(SYSTEM);
                keys.forEach(key -> request.addInstances(Instance.newBuilder().setKey(key)));
                client.predictions().predict(request.build());
            }
        } catch (StatusRuntimeException e) {
            // A node that is busy or stopping: those who come next are looked for again, and a demo owes nobody more.
            System.getLogger(ArrivingPassengers.class.getName())
                    .log(System.Logger.Level.DEBUG, "not predicted as they arrived", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
