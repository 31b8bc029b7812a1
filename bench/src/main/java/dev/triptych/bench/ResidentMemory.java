package dev.triptych.bench;

import java.time.Duration;
import java.util.List;

/** Heap of an entity that is in memory and idle, with one row of ten numbers: the actor, its state, its place in sharding. */
final class ResidentMemory implements Main.Benchmark {

    private static final double BYTES_TARGET = 1.5 * 1024;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        int keys = quick ? 50_000 : 200_000;
        try (var node = new BenchNode()) {
            fill(node, "warm", keys / 20);
            long before = usedBytes();
            fill(node, "key", keys);
            double bytes = (double) (usedBytes() - before) / keys;
            return List.of(Figure.atMost("memory-per-key", bytes, "bytes", BYTES_TARGET));
        }
    }

    private static void fill(BenchNode node, String prefix, int keys) throws InterruptedException {
        long now = System.currentTimeMillis() * 1_000;
        var next = new java.util.concurrent.atomic.AtomicInteger();
        while (next.get() < keys) {
            Load.run(256, Duration.ofMillis(200), i -> node.write(prefix + next.getAndIncrement(), now));
        }
    }

    /** After collections, so that only what is reachable counts. */
    private static long usedBytes() {
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
