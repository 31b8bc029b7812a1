package dev.triptych.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.triptych.runtime.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, or SIGTERM, before a node is ready: nothing of it goes on. */
@Timeout(90)
class StoppedEarlyTest {

    private static final Path PID_FILE = Path.of("postgres", "postmaster.pid");
    private static final int PORT_LINE = 3;
    private static final Duration START_MAX = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aNodeLeavesNoPostgresBehind() throws Exception {
        Path data = folder.resolve("data");
        Process node = NodeProcess.command(List.of(
                        "node",
                        "--data",
                        data.toString(),
                        "--systems",
                        "../config/systems",
                        "--port",
                        "0",
                        "--http-port",
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        ProcessHandle postgres = postgres(node, data);

        node.destroy();

        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertEnds(postgres);
        assertThat(Files.readString(folder.resolve("said"))).doesNotContain("\tat ", "ready");
    }

    @Test
    void aDemoLeavesNoFolderBehind() throws Exception {
        ProcessBuilder command = NodeProcess.command(List.of("demo", "--once", "--systems", "../config/systems"));
        command.command().add(1, "-Djava.io.tmpdir=" + folder);
        command.command()
                .add(1, "-Dot.epg.working-dir=" + Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"));
        Process demo = command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        ProcessHandle postgres = postgres(demo, scratch(demo));

        demo.destroy();

        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertEnds(postgres);
        assertThat(scratch()).as(Files.readString(folder.resolve("said"))).isEmpty();
    }

    /** PostgreSQL, as soon as it runs, which is before the node is ready. */
    private static ProcessHandle postgres(Process starting, Path data) throws IOException {
        List<String> lines = await().atMost(START_MAX)
                .failFast(() -> !starting.isAlive())
                // The one that only makes the database's files is told by a number below zero.
                .until(
                        () -> lines(data.resolve(PID_FILE)),
                        read -> read.size() > PORT_LINE && !read.getFirst().startsWith("-"));
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Its file is gone a moment before itself. */
    private static void assertEnds(ProcessHandle postgres) throws Exception {
        postgres.onExit().get(10, TimeUnit.SECONDS);
    }

    private Path scratch(Process demo) throws IOException {
        return await().atMost(START_MAX)
                .failFast(() -> !demo.isAlive())
                .until(this::scratch, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Path> scratch() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("triptych-demo"))
                    .findFirst();
        }
    }
}
