package dev.triptych.runtime.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.runtime.StartFailure;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Connections to PostgreSQL for everything but the journal plugin, which has its own. */
public final class Databases {

    private static final int CONNECTIONS_MAX = 8;
    private static final long CONNECTION_WAIT_MAX_MILLIS = 5_000;

    private Databases() {}

    /**
     * Connects, and brings the schema up to this release.
     *
     * @throws StartFailure if the database cannot be reached, or a later release has migrated it
     */
    public static HikariDataSource open(String url, String user, String password) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_WAIT_MAX_MILLIS);
        config.setPoolName("triptych");
        config.addDataSourceProperty("ApplicationName", "triptych");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "60");
        HikariDataSource database;
        try {
            database = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new StartFailure("PostgreSQL cannot be reached at " + url + ": " + root(e).getMessage(), e);
        }
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
            throw new StartFailure("The database at " + url + " does not fit this release: " + firstLine(e), e);
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
