package dev.triptych.runtime;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Threads that may block, apart by what they do, so that none can starve another. Sizes come from
 * {@code triptych.threads}.
 *
 * @param database virtual: JDBC only waits, and the connection pool bounds it
 * @param tailer one: the journal is projected in order
 * @param shadows one: nobody waits for them
 * @param monitoring one, so that looking back never takes more than that from what is served
 */
record NodeThreads(
        ExecutorService database,
        ExecutorService tailer,
        ExecutorService offline,
        ExecutorService extraction,
        ExecutorService evaluation,
        ExecutorService shadows,
        ExecutorService monitoring,
        ExecutorService training)
        implements AutoCloseable {

    private static final int STOP_WAIT_SECONDS = 5;

    static NodeThreads start(Config threads) {
        return new NodeThreads(
                Executors.newVirtualThreadPerTaskExecutor(),
                pool("tailer", 1),
                pool("offline", threads.getInt("offline")),
                pool("extraction", threads.getInt("extraction")),
                pool("evaluation", threads.getInt("evaluation")),
                pool("shadows", 1),
                pool("monitoring", 1),
                pool("training", threads.getInt("training")));
    }

    private static ExecutorService pool(String name, int size) {
        return Executors.newFixedThreadPool(
                size,
                Thread.ofPlatform().daemon().name("triptych-" + name + "-", 0).factory());
    }

    @Override
    public void close() {
        List<ExecutorService> all =
                List.of(database, tailer, offline, extraction, evaluation, shadows, monitoring, training);
        all.forEach(ExecutorService::shutdown);
        for (ExecutorService each : all) {
            try {
                if (!each.awaitTermination(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
                    each.shutdownNow();
                }
            } catch (InterruptedException e) {
                each.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }
}
