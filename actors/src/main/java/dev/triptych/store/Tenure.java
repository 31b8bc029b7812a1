package dev.triptych.store;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;

/**
 * Whether this node may still answer out of memory for what it owns. Until the end of its tenure nobody else can have
 * become the owner; after it somebody may, and have acknowledged a write since. A node that was suspended, or cut off,
 * finds its tenure over before it can say anything stale. Thread-safe.
 */
public final class Tenure implements Extension {

    private static final ExtensionId<Tenure> ID = new ExtensionId<>() {
        @Override
        public Tenure createExtension(ActorSystem<?> system) {
            return new Tenure();
        }
    };

    /** Of {@link System#nanoTime}, which goes on while a process is suspended, and does not follow the wall clock. */
    private volatile long untilNanos;

    private volatile boolean bounded;

    private Tenure() {}

    /** One for each actor system. Without a bound until {@link #until} gives one: a node that is alone needs none. */
    public static Tenure get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    public boolean holds() {
        return !bounded || untilNanos - System.nanoTime() > 0;
    }

    /** @param nanos of {@link System#nanoTime} */
    public void until(long nanos) {
        untilNanos = nanos;
        bounded = true;
    }
}
