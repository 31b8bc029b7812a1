package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedDatabaseTest {

    @Test
    void keepsWhatItAcknowledgesAndSparesAStrangerWithItsFormerProcessId(@TempDir Path folder) throws Exception {
        try (EmbeddedDatabase first = EmbeddedDatabase.start(folder)) {
            // What an acknowledged write rests upon; the library below is made for tests and would switch it off.
            assertThat(query(first.url(), "SHOW fsync")).isEqualTo("on");
            assertThat(query(first.url(), "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(first.url(), "SHOW full_page_writes")).isEqualTo("on");
            assertThat(query(first.url(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            query(first.url(), "CREATE TABLE kept AS SELECT 42 AS answer; SELECT answer FROM kept");
        }
        // After a crash of the machine the file is still there, and its number may be anybody's.
        Process stranger = new ProcessBuilder("sleep", "60").start();
        Files.writeString(folder.resolve("postmaster.pid"), stranger.pid() + "\n" + folder + "\n");

        try (EmbeddedDatabase second = EmbeddedDatabase.start(folder)) {
            assertThat(query(second.url(), "SELECT answer FROM kept")).isEqualTo("42");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(url, EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet found = statement.getResultSet()) {
                found.next();
                return found.getString(1);
            }
        }
    }
}
