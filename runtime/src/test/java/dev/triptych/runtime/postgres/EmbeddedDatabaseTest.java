package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
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

    @Test
    void runsAgainAtTheSameAddressAfterItDied(@TempDir Path folder) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
            query(database.url(), "CREATE TABLE kept AS SELECT 42 AS answer; SELECT answer FROM kept");
            for (int death = 1; death <= 2; death++) {
                ProcessHandle dying = postmaster(folder);
                dying.destroyForcibly();
                dying.onExit().get(10, TimeUnit.SECONDS);

                assertThat(answerOf(database.url(), "SELECT answer FROM kept")).isEqualTo("42");
            }
        }
        assertThat(folder.resolve("postmaster.pid")).as("stopped for good").doesNotExist();
    }

    private static ProcessHandle postmaster(Path folder) throws IOException {
        String pid = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    /** As soon as there is one. */
    private static String answerOf(String url, String sql) {
        while (true) {
            try {
                return query(url, sql);
            } catch (SQLException e) {
                // Not yet; the test's time is the bound.
            }
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
