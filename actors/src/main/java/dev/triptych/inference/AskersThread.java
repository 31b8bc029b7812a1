package dev.triptych.inference;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.ForkJoinExecutorConfigurator;
import com.typesafe.config.Config;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs an actor on the thread that asks it, where that has lent itself, and on a pool of its own otherwise. An answer that
 * takes microseconds is then there before another thread could have been woken for it. One thread at a time runs the
 * actor, as ever: whoever asks meanwhile leaves the message to that one. Named by the configuration of a dispatcher.
 */
public final class AskersThread extends ExecutorServiceConfigurator {

    /** A thread that others keep busy is let go of after so many turns of actors; what is left goes to the pool. */
    private static final int TURNS_MAX = 16;

    /** The turns waiting for this thread; none where it has not lent itself. */
    private static final ThreadLocal<@Nullable Deque<Turn>> LENT = new ThreadLocal<>();

    private record Turn(Runnable actor, ExecutorService pool) {}

    private final ForkJoinExecutorConfigurator pool;

    /** Called by Akka, which finds the class by a dispatcher's {@code executor}. */
    public AskersThread(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.pool = new ForkJoinExecutorConfigurator(config.getConfig("fork-join-executor"), prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        ExecutorServiceFactory factory = pool.createExecutorServiceFactory(id, threads);
        return () -> new Lent(factory.createExecutorService());
    }

    /** Runs something that tells actors; those of such a dispatcher answer on this thread, before this returns. */
    static void lend(Runnable asking) {
        if (LENT.get() != null) {
            asking.run();
            return;
        }
        var turns = new ArrayDeque<Turn>();
        LENT.set(turns);
        try {
            asking.run();
            for (int taken = 0; taken < TURNS_MAX && !turns.isEmpty(); taken++) {
                turns.remove().actor().run();
            }
        } finally {
            LENT.remove();
            turns.forEach(turn -> turn.pool().execute(turn.actor()));
        }
    }

    private static final class Lent extends AbstractExecutorService {
        private final ExecutorService pool;

        Lent(ExecutorService pool) {
            this.pool = pool;
        }

        @Override
        public void execute(Runnable actor) {
            Deque<Turn> turns = LENT.get();
            if (turns == null) {
                pool.execute(actor);
            } else {
                turns.add(new Turn(actor, pool));
            }
        }

        @Override
        public void shutdown() {
            pool.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return pool.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return pool.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return pool.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return pool.awaitTermination(timeout, unit);
        }
    }
}
