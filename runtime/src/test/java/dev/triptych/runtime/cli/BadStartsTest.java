package dev.triptych.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.runtime.NodeProcess;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.runtime.ShopSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot start says why in one sentence, leaves nothing running, and ends with 1. */
@Timeout(60)
class BadStartsTest {

    @TempDir
    Path folder;

    private Path systems;
    private Path data;

    @BeforeEach
    void prepare() throws IOException {
        systems = ShopSystem.writeTo(folder.resolve("systems"));
        data = folder.resolve("data");
    }

    @Test
    @ExtendWith(SharedShop.class)
    void aSecondNodeOnADirectory(Shop running) throws Exception {
        List<String> arguments = arguments(running.data(), systems, "--port", "0", "--http-port", "0");

        Process second =
                NodeProcess.command(arguments).redirectErrorStream(true).start();
        String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(second.waitFor()).as(said).isEqualTo(1);
        assertThat(said.strip())
                .isEqualTo("triptych: Another node (process "
                        + ProcessHandle.current().pid()
                        + ") uses the data directory " + running.data()
                        + "; stop it, or choose another directory with --data.");
        assertFails(CommandLineResult.of(arguments.toArray(String[]::new)), "Another node", "--data");
    }

    @Test
    void aPortInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    start("--port", String.valueOf(taken.getLocalPort())),
                    "127.0.0.1:" + taken.getLocalPort(),
                    "in use",
                    "--port");
        }
        assertThat(data.resolve("postgres"))
                .as("found before a database is started")
                .doesNotExist();
    }

    @Test
    void anHttpPortInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    start("--port", "0", "--http-port", String.valueOf(taken.getLocalPort())),
                    "127.0.0.1:" + taken.getLocalPort(),
                    "in use",
                    "--http-port");
        }
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    @Test
    void aPortThatIsNone() {
        assertFails(start("--port", "65536"), "65536", "0 to 65535");
    }

    @Test
    void aRetentionThatABatchRunMayOutlive() {
        assertThatThrownBy(() -> ShopSystem.settings(data, systems, Map.of("triptych.predictions.retention", "5m")))
                .hasMessage("triptych.predictions.retention: 5m (expected: forever, or a duration of 1h or more,"
                        + " such as 90d)");
    }

    @Test
    void aDirectoryOfALaterRelease() throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("version"), "2\n");

        assertFails(start(), data.toString(), "has version 2", "knows version 1");
        assertThat(data.resolve("postgres")).doesNotExist();
    }

    @Test
    void aDirectoryThatIsAFile() throws IOException {
        Files.writeString(data, "");

        assertFails(start(), data.toString());
    }

    @Test
    void aFullDisk() throws Exception {
        Files.createDirectories(data);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", data.toString()) == 0,
                "only root can mount a small disk");
        try {
            assertFails(start(), data.toString(), "full", "MiB are left");
        } finally {
            assertThat(run("umount", data.toString())).as("nothing uses it").isZero();
        }
    }

    @Test
    void aDatabaseThatIsNotThere() throws IOException {
        String url = "jdbc:postgresql://127.0.0.1:" + unusedPort() + "/triptych";

        assertFails(start("--port", "0", "--http-port", "0", "--postgres", url), url, "refused");
    }

    @Test
    void aFolderOfSystemsThatIsNotThereOrHoldsNone() throws IOException {
        systems = folder.resolve("nowhere");
        assertFails(start(), systems.toString(), "folder");

        Files.createDirectories(systems);
        assertFails(start(), systems.toString(), "system.conf");
    }

    @Test
    void aDefinitionWithMistakes() throws IOException {
        Path definition = systems.resolve("shop").resolve("system.conf");
        Files.writeString(
                definition,
                Files.readString(definition)
                        .replace("amount = float64, items", "amount = flaot64, items")
                        .replace("label = outcome.returned", "label = outcome.retuned"));

        CommandLineResult result = start();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("have mistakes:", "system.conf:4", "flaot64", "system.conf:27", "retuned")
                .doesNotContain("Exception");
    }

    private static void assertFails(CommandLineResult result, String... says) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err().strip()).startsWith("triptych: ").contains(says).doesNotContain("Exception");
        assertThat(result.err().strip().lines()).as("one sentence").hasSize(1);
    }

    private CommandLineResult start(String... more) {
        return CommandLineResult.of(arguments(data, systems, more).toArray(String[]::new));
    }

    private static List<String> arguments(Path data, Path systems, String... more) {
        var arguments = new ArrayList<>(List.of("node", "--data", data.toString(), "--systems", systems.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
