package dev.triptych.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.runtime.postgres.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who does not fit into a cluster does not join it, says why in one sentence, and disturbs nobody. */
@Timeout(120)
class JoiningTest {

    @TempDir
    static Path folder;

    private static EmbeddedDatabase postgres;
    private static Path systems;
    private static Node member;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedDatabase.start(folder.resolve("postgres"));
        systems = ShopSystem.writeTo(folder.resolve("systems"));
        member = Node.start(settings("member", Map.of()));
    }

    @AfterAll
    static void stop() {
        member.close();
        postgres.close();
    }

    private static NodeSettings settings(String node, Map<String, Object> more) {
        return settings("cluster", node, more);
    }

    private static NodeSettings settings(String profile, String node, Map<String, Object> more) {
        return ShopSystem.memberSettings(profile, folder, systems, postgres, node, more);
    }

    private static void refused(NodeSettings settings, String... said) {
        assertThatThrownBy(() -> Node.start(settings).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("\n")
                .hasMessageContainingAll(said);
        assertThat(member.notReady()).as("the member goes on").isEmpty();
    }

    @Test
    void twoNodesOnOneDatabaseAreOneCluster() throws Exception {
        assertThat(member.awaitReady(Duration.ofSeconds(30))).isEmpty();
        try (Node second = Node.start(settings("second", Map.of()))) {
            assertThat(second.awaitReady(Duration.ofSeconds(30))).isEmpty();
        }
        assertThat(member.notReady()).isEmpty();
    }

    @Test
    void aNameThatALivingNodeHas() {
        refused(
                settings(
                        "cluster",
                        "member",
                        Map.of("triptych.data", folder.resolve("other").toString())),
                "triptych.node: member",
                "--node-name");
    }

    @Test
    void anotherClustersDatabase() {
        refused(settings("blue", Map.of("triptych.cluster.name", "blue")), "belongs to the cluster triptych", "blue");
    }

    @Test
    void aNodeThatWouldBeAloneOnAClustersDatabase() {
        refused(
                settings(
                        "local",
                        "alone",
                        Map.of("triptych.shared", folder.resolve("alone").toString())),
                "in use by node member",
                "--profile cluster");
    }

    @Test
    void anotherSharedFolder() {
        refused(
                settings(
                        "apart",
                        Map.of("triptych.shared", folder.resolve("apart").toString())),
                "triptych.shared",
                "--shared");
    }

    @Test
    void seedsOnAnotherDatabase() throws SQLException {
        String url = postgres.url().replace("/postgres", "/another");
        try (Connection open = DriverManager.getConnection(postgres.url(), EmbeddedDatabase.USER, "");
                var statement = open.createStatement()) {
            statement.execute("CREATE DATABASE another");
        }
        refused(
                settings(
                        "stranger",
                        Map.of(
                                "triptych.postgres.url",
                                url,
                                "triptych.shared",
                                folder.resolve("stranger").toString(),
                                "triptych.cluster.seeds",
                                List.of(address()))),
                "triptych.cluster.seeds",
                "--seed",
                "--postgres");
    }

    @Test
    void anotherProtocol() throws SQLException {
        try (Connection open = DriverManager.getConnection(postgres.url(), EmbeddedDatabase.USER, "");
                var statement = open.createStatement()) {
            statement.execute("INSERT INTO cluster_node (name, incarnation, protocol, alive_until)"
                    + " VALUES ('newer', gen_random_uuid(), 999, clock_timestamp() + interval '1 hour')");
            refused(settings("older", Map.of()), "protocol 999");
            statement.execute("DELETE FROM cluster_node WHERE name = 'newer'");
        }
    }

    @Test
    void settingsThatAreNone() {
        assertThatThrownBy(() -> settings("", Map.of())).hasMessageContainingAll("triptych.node: empty", "--node-name");
        assertThatThrownBy(() -> settings("x", Map.of("triptych.postgres.url", "")))
                .hasMessageContainingAll("triptych.postgres.url: empty", "--postgres");
        assertThatThrownBy(() -> settings("x", Map.of("triptych.shared", "")))
                .hasMessageContainingAll("triptych.shared: empty", "--shared");
        assertThatThrownBy(() -> settings("x", Map.of("triptych.roles", List.of("cook"))))
                .hasMessageContainingAll("triptych.roles: cook", "feature, training, inference, gateway");
        assertThatThrownBy(() -> settings("x", Map.of("triptych.cluster.seeds", List.of("nowhere"))))
                .hasMessageContainingAll("triptych.cluster.seeds: nowhere", "HOST:PORT");
    }

    private static String address() throws SQLException {
        try (Connection open = DriverManager.getConnection(postgres.url(), EmbeddedDatabase.USER, "");
                var statement = open.createStatement();
                var row = statement.executeQuery("SELECT address FROM cluster_node WHERE name = 'member'")) {
            row.next();
            return row.getString(1);
        }
    }
}
