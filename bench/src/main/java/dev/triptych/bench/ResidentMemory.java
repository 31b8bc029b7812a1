package dev.triptych.bench;

import dev.triptych.store.features.ResidentStates;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Heap of a key that is in memory and idle, with one row of ten numbers: a read of it asks no database, and nobody has
 * asked for a while (here a second, in production two minutes), so that its actor was let go of and its state was kept.
 */
final class ResidentMemory implements Main.Benchmark {

    static final String IDLE_TIMEOUT = "akka.cluster.sharding.passivation.custom-lru-strategy.idle-entity.timeout";
    private static final double BYTES_TARGET = 1.5 * 1024;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        int keys = quick ? 50_000 : 200_000;
        try (var node = new BenchNode(Map.of(IDLE_TIMEOUT, "1s"))) {
            ResidentStates residents = ResidentStates.get(node.node().actors());
            fill(node, "warm", keys / 20);
            awaitIdle(residents, keys / 20);
            long before = usedBytes();
            fill(node, "key", keys);
            awaitIdle(residents, keys + keys / 20);
            double bytes = (double) (usedBytes() - before) / keys;
            return List.of(Figure.atMost("memory-per-key", bytes, "bytes", BYTES_TARGET));
        }
    }

    static void fill(BenchNode node, String prefix, int keys) throws InterruptedException {
        long now = System.currentTimeMillis() * 1_000;
        var next = new java.util.concurrent.atomic.AtomicInteger();
        while (next.get() < keys) {
            Load.run(256, Duration.ofMillis(200), i -> node.write(prefix + next.getAndIncrement(), now));
        }
    }

    static void awaitIdle(ResidentStates residents, int keys) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (residents.size() < keys) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(residents.size() + " of " + keys + " keys became idle");
            }
            Thread.sleep(100);
        }
    }

    /** After collections, so that only what is reachable counts. */
    static long usedBytes() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(
                    used,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
