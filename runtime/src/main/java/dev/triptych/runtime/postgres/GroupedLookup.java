package dev.triptych.runtime.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import slick.jdbc.JdbcBackend;

/**
 * Looks many ids up with one query: those asked for while a query is under way are the next query. A lone one never
 * waits for company. Thread-safe.
 */
final class GroupedLookup<V> {

    private static final int IDS_A_QUERY_MAX = 1_000;

    /** Runs on a thread that may block; ids it leaves out have nothing. */
    interface Query<V> {
        Map<String, V> run(Connection connection, List<String> ids) throws SQLException;
    }

    private record Asked<V>(String id, Promise<V> answer) {}

    private final JdbcBackend.DatabaseDef database;
    private final ExecutionContext blocking;
    private final Query<V> query;
    private final V nothing;

    private final Queue<Asked<V>> waiting = new ArrayDeque<>();
    private boolean underWay;

    /**
     * @param blocking its threads may block
     * @param nothing the answer for an id that has nothing
     */
    GroupedLookup(JdbcBackend.DatabaseDef database, ExecutionContext blocking, Query<V> query, V nothing) {
        this.database = database;
        this.blocking = blocking;
        this.query = query;
        this.nothing = nothing;
    }

    Future<V> of(String id) {
        var asked = new Asked<V>(id, scala.concurrent.Promise$.MODULE$.apply());
        synchronized (this) {
            waiting.add(asked);
            if (underWay) {
                return asked.answer().future();
            }
            underWay = true;
        }
        blocking.execute(this::answerAll);
        return asked.answer().future();
    }

    private void answerAll() {
        for (List<Asked<V>> group = next(); !group.isEmpty(); group = next()) {
            answer(group);
        }
    }

    private synchronized List<Asked<V>> next() {
        var group = new ArrayList<Asked<V>>();
        while (group.size() < IDS_A_QUERY_MAX && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        underWay = !group.isEmpty();
        return group;
    }

    private void answer(List<Asked<V>> group) {
        try (Connection connection = database.source().createConnection()) {
            Map<String, V> found =
                    query.run(connection, group.stream().map(Asked::id).toList());
            group.forEach(asked -> asked.answer().success(found.getOrDefault(asked.id(), nothing)));
        } catch (SQLException | RuntimeException e) {
            group.forEach(asked -> asked.answer().tryFailure(e));
        }
    }
}
