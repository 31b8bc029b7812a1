package dev.triptych.runtime.postgres;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The offline store's list of files, as the journal's tailer committed it. */
public final class PostgresSegmentCatalog implements SegmentCatalog {

    private final DataSource database;

    public PostgresSegmentCatalog(DataSource database) {
        this.database = database;
    }

    @Override
    public List<Segment> segments(String system, String entity, List<String> views, Horizon horizon) {
        try (var connection = database.getConnection()) {
            return SegmentTable.current(connection, system, entity, views, horizon);
        } catch (SQLException e) {
            throw new IllegalStateException("the list of segments cannot be read: " + e.getMessage(), e);
        }
    }
}
