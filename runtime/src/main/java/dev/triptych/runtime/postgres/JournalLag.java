package dev.triptych.runtime.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How far what is made of the journal is behind it.
 *
 * @param events that are not projected yet, at most {@value #COUNTED_MAX}
 * @param eventsSeconds age of the oldest of them
 * @param unsealed events that no seal covers yet, at most {@value #COUNTED_MAX}
 * @param unsealedSeconds age of the oldest of them
 */
public record JournalLag(long events, double eventsSeconds, long unsealed, double unsealedSeconds) {

    private static final int COUNTED_MAX = 100_000;

    private static final String SELECT = """
            SELECT p.events, p.seconds, s.events, s.seconds
            FROM (SELECT count(*) AS events, %1$s AS seconds FROM (
                    SELECT write_timestamp FROM event_journal WHERE (tx, ordering) > (
                      SELECT tx, ordering FROM projection_offset ORDER BY tx, ordering LIMIT 1)
                    ORDER BY tx, ordering LIMIT %2$d) AS unprojected) AS p,
                 (SELECT count(*) AS events, %1$s AS seconds FROM (
                    SELECT write_timestamp FROM event_journal WHERE (tx, ordering) > (
                      SELECT coalesce(max(through_tx), '0'), coalesce(max(through_ordering), 0) FROM (
                        SELECT through_tx, through_ordering FROM journal_seal ORDER BY number DESC LIMIT 1) AS last)
                    ORDER BY tx, ordering LIMIT %2$d) AS uncovered) AS s""".formatted(
                    "coalesce(greatest(extract(epoch FROM now()) - min(write_timestamp) / 1000.0, 0), 0)", COUNTED_MAX);

    /** Asks the database, and blocks meanwhile; empty while it is away. */
    public static Optional<JournalLag> read(HikariDataSource database) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(SELECT);
                var row = select.executeQuery()) {
            row.next();
            return Optional.of(new JournalLag(row.getLong(1), row.getDouble(2), row.getLong(3), row.getDouble(4)));
        } catch (SQLException away) {
            return Optional.empty();
        }
    }
}
