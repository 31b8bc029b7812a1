package dev.triptych.runtime.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.runtime.StartFailure;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Connections to PostgreSQL for everything but the journal plugin, which has its own. */
public final class Databases {

    private static final int CONNECTIONS_MAX = 8;
    private static final long CONNECTION_WAIT_MAX_MILLIS = 5_000;

    /**
     * For every new connection: where a server is set up to acknowledge commits before they are durable, ours are durable
     * all the same. Stricter settings stay.
     */
    public static final String DURABLE_COMMITS = "SELECT set_config('synchronous_commit', 'on', false)"
            + " WHERE current_setting('synchronous_commit') = 'off'";

    private Databases() {}

    /** The same under no node's name. */
    public static HikariDataSource open(String url, String user, String password) {
        return open(url, user, password, "triptych");
    }

    /**
     * Connects, and brings the schema up to this release; several nodes may do so at once.
     *
     * @param applicationName of every connection
     * @throws StartFailure if the database cannot be reached, or a later release has migrated it
     */
    public static HikariDataSource open(String url, String user, String password, String applicationName) {
        probe(url, user, password);
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_WAIT_MAX_MILLIS);
        config.setPoolName("triptych");
        config.setConnectionInitSql(DURABLE_COMMITS);
        config.addDataSourceProperty("ApplicationName", applicationName);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "60");
        var database = new HikariDataSource(config);
        try {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:schema")
                    // A schema of a later release must stop us, not be ignored.
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
            return database;
        } catch (FlywayException e) {
            database.close();
            throw new StartFailure(
                    "The database at " + url + " does not fit this release: " + finding(e)
                            + " Run the release that migrated it, or a later one.",
                    e);
        }
    }

    /** Flyway says what it found below a heading. */
    private static String finding(FlywayException failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .filter(line -> line.startsWith("Detected "))
                .findFirst()
                .orElseGet(() -> firstLine(failure));
    }

    /** Before the pool, which would log a stack trace of its own. */
    private static void probe(String url, String user, String password) {
        try {
            DriverManager.getConnection(url, user, password).close();
        } catch (SQLException e) {
            throw new StartFailure(
                    "PostgreSQL cannot be reached at " + url + ": " + firstLine(e)
                            + " Start it, or mend the address, user or password.",
                    e);
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
