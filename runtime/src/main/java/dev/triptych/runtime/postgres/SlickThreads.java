package dev.triptych.runtime.postgres;

import akka.stream.Materializer;
import slick.jdbc.JdbcBackend;

/** The threads of the journal plugin's database library. */
final class SlickThreads {

    private static final String COUNT = "akka-persistence-jdbc.shared-databases.slick.db.numThreads";

    private SlickThreads() {}

    /**
     * Starts all of them before there is anything to do. Slick counts connections in use as tasks leave its queue, which
     * a task that starts a thread passes by: one that another overtakes on an older thread meanwhile may find the count
     * full, and is then dropped without a word. The entity whose recovery that was would wait until it times out.
     */
    static void startAll(JdbcBackend.DatabaseDef database, Materializer materializer) {
        int count = materializer.system().settings().config().getInt(COUNT);
        for (int i = 0; i < count; i++) {
            database.executor().executionContext().execute(() -> {});
        }
    }
}
