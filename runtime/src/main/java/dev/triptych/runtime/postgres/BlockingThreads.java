package dev.triptych.runtime.postgres;

import akka.actor.ActorSystem;
import akka.stream.Materializer;
import scala.concurrent.ExecutionContext;

/** The threads on which the journal plugin waits for PostgreSQL. */
final class BlockingThreads {

    private static final String DISPATCHER = "triptych.journal-dispatcher";

    private BlockingThreads() {}

    static ExecutionContext of(Materializer materializer) {
        ActorSystem system = materializer.system();
        return system.dispatchers().lookup(DISPATCHER);
    }
}
