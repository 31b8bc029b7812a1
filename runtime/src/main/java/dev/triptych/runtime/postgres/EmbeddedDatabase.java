package dev.triptych.runtime.postgres;

import dev.triptych.runtime.StartFailure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL inside the node, for a laptop: its data stays in a folder, and it listens on loopback alone. */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    public static final String USER = "postgres";

    /** zonky's superuser needs none on loopback. */
    public static final String PASSWORD = "";

    private static final Duration START_WAIT_MAX = Duration.ofSeconds(60);
    private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(10);

    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    private final Path folder;
    private final int port;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(Path folder, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.port = postgres.getPort();
        this.postgres = postgres;
    }

    /**
     * Starts the database of a folder, making it where there is none. One that outlived its node is stopped first. Where
     * it dies of itself, it is started again at the same address.
     *
     * @param folder nobody else may use it: the caller holds the data directory's lock
     * @throws StartFailure if it cannot be started
     */
    public static EmbeddedDatabase start(Path folder) {
        try {
            Files.createDirectories(folder);
            stopOrphan(folder);
            UnpackedBinaries.clearWhatWasInterrupted(UnpackedBinaries.folder());
            var database = new EmbeddedDatabase(folder, settings(folder).start());
            postmaster(pidFile(folder)).ifPresent(database::restartAfterDeath);
            return database;
        } catch (ExceptionInInitializerError e) {
            throw new StartFailure(
                    "PostgreSQL cannot be unpacked into " + UnpackedBinaries.folder() + ": "
                            + Optional.ofNullable(e.getCause()).orElse(e)
                            + "; make room there, or name another folder with TRIPTYCH_JAVA_OPTS=-Djava.io.tmpdir=DIR.",
                    e);
        } catch (IOException | IllegalStateException e) {
            throw new StartFailure("The embedded PostgreSQL in " + folder + " cannot be started: " + e.getMessage(), e);
        }
    }

    private static EmbeddedPostgres.Builder settings(Path folder) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_WAIT_MAX)
                // The node stops it, after everything that writes to it.
                .setRegisterShutdownHook(false)
                // zonky switches both off, for tests; what we acknowledge must be on disk.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                // Seventeen of each node, where several share it.
                .setServerConfig("max_connections", "170")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_wal_size", "1GB")
                // A table that fills within seconds is read by plans for an empty one until its statistics follow.
                .setServerConfig("autovacuum_naptime", "5s")
                .setServerConfig("timezone", "UTC");
    }

    private void restartAfterDeath(ProcessHandle running) {
        List<String> commandLine = commandLine(running);
        if (!commandLine.isEmpty()) {
            restartAfter(running, commandLine);
        }
    }

    /** With its own command line, which the library keeps to itself. */
    private void restartAfter(ProcessHandle running, List<String> commandLine) {
        running.onExit()
                .thenRun(() -> Thread.ofVirtual()
                        .name("triptych-postgres-restart")
                        .start(() -> {
                            try {
                                // The processes of the one that died need a moment to follow it.
                                if (!stopped.await(RESTART_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                                    restart(commandLine);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } catch (IOException e) {
                                LOG.error(
                                        "PostgreSQL in {} has died and cannot be started again; start the node again",
                                        folder,
                                        e);
                            }
                        }));
    }

    private synchronized void restart(List<String> commandLine) throws IOException {
        if (stopped.getCount() == 0) {
            return;
        }
        Path log = folder.resolve("restarts.log");
        LOG.warn("PostgreSQL in {} has died and is started again; what it says is in {}", folder, log);
        Process restarted = new ProcessBuilder(commandLine)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        restartAfter(restarted.toHandle(), commandLine);
    }

    /** Empty where the system does not tell. Root must not run PostgreSQL, so it is nobody in a namespace of its own. */
    private static List<String> commandLine(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.command()
                .flatMap(command -> info.arguments()
                        .map(arguments -> Stream.of(
                                        LinuxUtils.isUnshareAvailable()
                                                ? Stream.of("unshare", "-U")
                                                : Stream.<String>of(),
                                        Stream.of(command),
                                        Stream.of(arguments))
                                .flatMap(words -> words)
                                .toList()))
                .orElse(List.of());
    }

    private static Path pidFile(Path folder) {
        return folder.resolve("postmaster.pid");
    }

    /** A node that was killed leaves its PostgreSQL running; only that one's own process id says so. */
    private static void stopOrphan(Path folder) throws IOException {
        Path pidFile = pidFile(folder);
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> orphan = postmaster(pidFile);
        if (orphan.isPresent()) {
            // SIGINT would be a fast shutdown; SIGTERM waits for sessions, but those died with the node.
            orphan.get().destroy();
            if (!stopped(orphan.get())) {
                orphan.get().destroyForcibly();
                stopped(orphan.get());
            }
        }
        Files.deleteIfExists(pidFile);
    }

    private static Optional<ProcessHandle> postmaster(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d+")) {
            return Optional.empty();
        }
        // After a reboot the number may be somebody else's.
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.contains("postgres"))
                        .isPresent());
    }

    private static boolean stopped(ProcessHandle process) {
        try {
            process.onExit().get(STOP_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    @Override
    public void close() {
        stopped.countDown();
        stop();
    }

    private synchronized void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new IllegalStateException("The embedded PostgreSQL could not be stopped", e);
        }
    }
}
