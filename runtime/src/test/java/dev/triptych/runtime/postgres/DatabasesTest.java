package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.runtime.StartFailure;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabasesTest {

    @Test
    void aSchemaOfALaterReleaseIsLeftAlone() throws SQLException {
        try (ScratchPostgres scratch = ScratchPostgres.create()) {
            execute(
                    scratch,
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                            + " installed_by, execution_time, success) VALUES (999, '999', 'of tomorrow', 'SQL',"
                            + " 'V999__of_tomorrow.sql', 1, 'somebody', 1, true)");
            String url = ((HikariDataSource) scratch.dataSource()).getJdbcUrl();

            assertThatThrownBy(() -> Databases.open(url, "postgres", ""))
                    .isInstanceOf(StartFailure.class)
                    .message()
                    .contains(url, "999", "release")
                    .hasLineCount(1);
        }
    }

    @Test
    void commitsAreDurableWhateverTheServerIsSetUpTo() throws SQLException {
        try (ScratchPostgres scratch = ScratchPostgres.create();
                var connection = scratch.dataSource().getConnection();
                var statement = connection.createStatement();
                var setting = statement.executeQuery(
                        "SELECT setting, reset_val FROM pg_settings" + " WHERE name = 'synchronous_commit'")) {
            assertThat(setting.next()).isTrue();
            assertThat(setting.getString("reset_val")).as("of the server").isEqualTo("off");
            assertThat(setting.getString("setting")).as("of our connections").isEqualTo("on");
        }
    }

    private static void execute(ScratchPostgres scratch, String sql) throws SQLException {
        try (var connection = scratch.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
