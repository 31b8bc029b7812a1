package dev.triptych.runtime.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL a test run, one migrated database a test. */
final class ScratchPostgres implements AutoCloseable {

    private static @Nullable EmbeddedPostgres server;
    private static int databases;

    private final HikariDataSource dataSource;

    private ScratchPostgres(HikariDataSource dataSource) {
        this.dataSource = dataSource;
    }

    static synchronized ScratchPostgres create() {
        try {
            if (server == null) {
                server = EmbeddedPostgres.builder().start();
            }
            var name = "scratch" + databases++;
            try (var connection = server.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return new ScratchPostgres(
                    Databases.open("jdbc:postgresql://localhost:" + server.getPort() + "/" + name, "postgres", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return dataSource.getJdbcUrl();
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
