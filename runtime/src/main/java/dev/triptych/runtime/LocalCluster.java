package dev.triptych.runtime;

import dev.triptych.runtime.postgres.EmbeddedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nodes as processes of their own on this machine, with a PostgreSQL that belongs to none of them: it lives in the process
 * that started them.
 */
public final class LocalCluster implements AutoCloseable {

    /**
     * @param grpcAddress where clients connect, once the node is ready; fails if it ends before
     */
    public record Running(String name, Process process, CompletableFuture<String> grpcAddress) {}

    /**
     * What a node runs.
     *
     * @param prefix of the command line, such as what enters a network namespace
     * @param jvm flags of its JVM
     * @param classPath of the build it is of
     */
    public record Program(List<String> prefix, List<String> jvm, String classPath) {
        public Program {
            prefix = List.copyOf(prefix);
            jvm = List.copyOf(jvm);
        }

        /** The build that this process is of. */
        public static Program ofThisBuild(List<String> jvm) {
            return new Program(List.of(), jvm, System.getProperty("java.class.path"));
        }

        public Program after(List<String> prefix) {
            return new Program(prefix, jvm, classPath);
        }
    }

    private static final Pattern READY = Pattern.compile("^ready: .*gRPC on ([^,\\s]+)");
    private static final int STOP_WAIT_SECONDS = 40;

    private final Path root;
    private final Path systems;
    private final Program program;
    private final Consumer<String> told;
    private final Started started = new Started();
    private final List<Running> nodes = new ArrayList<>();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final EmbeddedDatabase database;

    private LocalCluster(Path root, Path systems, List<String> jvm, Consumer<String> told) {
        this.root = root;
        this.systems = systems;
        this.program = Program.ofThisBuild(jvm);
        this.told = told;
        started.push(DataDirectory.open(root));
        this.database = EmbeddedDatabase.start(root.resolve("postgres"));
        started.push(database);
    }

    /**
     * Starts PostgreSQL, and no node yet.
     *
     * @param root where everything is kept
     * @param jvm flags of every node's JVM
     * @param told of whatever happens to the nodes, a line each
     * @throws StartFailure if that cannot be done
     */
    public static LocalCluster start(Path root, Path systems, List<String> jvm, Consumer<String> told) {
        var cluster = new LocalCluster(root.toAbsolutePath().normalize(), systems.toAbsolutePath(), jvm, told);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "triptych-stop"));
        return cluster;
    }

    /**
     * Starts a node, and returns at once.
     *
     * @param roles empty for all
     * @param grpcPort 0 for any free one
     * @param httpPort 0 for any free one
     * @param more options of {@code triptych node}
     */
    public Running startNode(String name, List<String> roles, int grpcPort, int httpPort, List<String> more) {
        return startNode(program, database.url(), name, roles, grpcPort, httpPort, more);
    }

    /**
     * The same of another build, or in another place on this machine.
     *
     * @param databaseUrl of PostgreSQL as it is reached there
     */
    public synchronized Running startNode(
            Program program,
            String databaseUrl,
            String name,
            List<String> roles,
            int grpcPort,
            int httpPort,
            List<String> more) {
        Path log = root.resolve(name + ".log");
        var options = new ArrayList<>(List.of(
                "node",
                "--profile",
                "cluster",
                "--node-name",
                name,
                "--data",
                root.resolve(name).toString(),
                "--shared",
                root.resolve("shared").toString(),
                "--systems",
                systems.toString(),
                "--port",
                String.valueOf(grpcPort),
                "--http-port",
                String.valueOf(httpPort),
                "--postgres",
                databaseUrl));
        if (!roles.isEmpty()) {
            options.addAll(List.of("--roles", String.join(",", roles)));
        }
        options.addAll(more);
        try {
            Files.createDirectories(root);
            ProcessBuilder builder = new ProcessBuilder(commandLine(program, options))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("TRIPTYCH_POSTGRES_USER", EmbeddedDatabase.USER);
            builder.environment().put("TRIPTYCH_POSTGRES_PASSWORD", EmbeddedDatabase.PASSWORD);
            var node = new Running(name, builder.start(), new CompletableFuture<>());
            nodes.add(node);
            Thread.ofVirtual().start(() -> tell(node, log));
            return node;
        } catch (IOException e) {
            throw new StartFailure("Node " + name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void tell(Running node, Path log) {
        String who = node.name() + " (process " + node.process().pid();
        try (var lines =
                new BufferedReader(new InputStreamReader(node.process().getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    node.grpcAddress().complete(ready.group(1));
                }
                told.accept(who + ", log " + log + ") " + line);
            }
            int code = node.process().waitFor();
            node.grpcAddress().completeExceptionally(new IllegalStateException(who + ") has ended with " + code));
            if (stopRequested.getCount() > 0) {
                told.accept(who + ") has ended with " + code);
            }
        } catch (IOException e) {
            told.accept(who + ") is no longer heard: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> commandLine(Program program, List<String> options) {
        var command = new ArrayList<>(program.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program.jvm());
        command.addAll(List.of("-cp", program.classPath(), Main.class.getName()));
        command.addAll(options);
        return command;
    }

    /** Where everything is kept. */
    public Path root() {
        return root;
    }

    /** The database that all nodes use. */
    public NodeSettings.Database database() {
        return new NodeSettings.Database(database.url(), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
    }

    /** Waits until somebody closes it: Ctrl-C, or SIGTERM. */
    public void awaitStop() throws InterruptedException {
        stopRequested.await();
    }

    /** Stops the nodes, then PostgreSQL; blocks until they have stopped. Doing it again does nothing. */
    @Override
    public void close() {
        stopRequested.countDown();
        stopAll();
    }

    private synchronized void stopAll() {
        nodes.forEach(node -> node.process().destroy());
        for (Running node : nodes) {
            try {
                if (!node.process().waitFor(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
                    node.process().destroyForcibly();
                }
            } catch (InterruptedException e) {
                node.process().destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        nodes.clear();
        started.close();
    }
}
