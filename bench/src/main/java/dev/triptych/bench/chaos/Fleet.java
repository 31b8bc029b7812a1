package dev.triptych.bench.chaos;

import dev.triptych.runtime.LocalCluster;
import dev.triptych.runtime.LocalCluster.Running;
import dev.triptych.runtime.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/** The nodes that things are done to. A node keeps its name, port and folder through every start. */
final class Fleet implements AutoCloseable {

    private static final long START_SECONDS_MAX = 120;
    private static final long STOP_SECONDS_MAX = 60;

    private static final List<String> JVM = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx512m");

    private final LocalCluster cluster;
    private final Optional<Namespaces> network;
    private final Map<String, Running> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new ConcurrentSkipListMap<>();

    private Fleet(LocalCluster cluster, Optional<Namespaces> network) {
        this.cluster = cluster;
        this.network = network;
    }

    /**
     * @param size nodes, named n1 and so on; the first is the oldest
     * @param network of their own; empty for this machine's loopback
     */
    static Fleet start(Path folder, int size, Optional<Namespaces> network) throws Exception {
        var jvm = new ArrayList<>(JVM);
        if (network.isPresent()) {
            jvm.addAll(Certificates.issue(folder.resolve("certificates")));
        }
        LocalCluster cluster = LocalCluster.start(
                folder,
                Path.of(System.getProperty("triptych.home", "."), "bench", "chaos"),
                jvm,
                line -> System.err.println("  " + line));
        var fleet = new Fleet(cluster, network);
        if (network.isPresent()) {
            network.get().offer(fleet.databasePort());
        }
        fleet.begin("n1");
        fleet.awaitReady("n1");
        for (int i = 2; i <= size; i++) {
            fleet.begin("n" + i);
        }
        for (int i = 2; i <= size; i++) {
            fleet.awaitReady("n" + i);
        }
        return fleet;
    }

    /** Starts a node, and returns at once. */
    void begin(String name) throws Exception {
        Integer known = ports.get(name);
        int port = known == null ? freePort() : known;
        ports.put(name, port);
        nodes.put(
                name,
                network.isPresent()
                        ? beginIn(network.get(), name, port)
                        : cluster.startNode(name, List.of(), port, 0, List.of("--no-cadences")));
    }

    private Running beginIn(Namespaces spaces, String name, int port) throws Exception {
        boolean unseen = spaces.add(name);
        if (unseen) {
            var java = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m"));
            java.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
            spaces.publish(name, port, java);
        }
        return cluster.startNode(
                spaces.prefix(name),
                cluster.database().url().replace("127.0.0.1", Namespaces.OUTSIDE),
                name,
                List.of(),
                port,
                0,
                List.of("--no-cadences", "--cluster-host", spaces.address(name)));
    }

    private int databasePort() {
        return URI.create(cluster.database().url().substring("jdbc:".length())).getPort();
    }

    Namespaces network() {
        return network.orElseThrow();
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    void awaitReady(String name) throws Exception {
        node(name).grpcAddress().get(START_SECONDS_MAX, TimeUnit.SECONDS);
    }

    void start(String name) throws Exception {
        begin(name);
        awaitReady(name);
    }

    /** SIGKILL. */
    void kill(String name) throws InterruptedException {
        node(name).process().destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits until it is gone. */
    void stop(String name) throws InterruptedException {
        Process process = node(name).process();
        process.destroy();
        if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " did not stop within " + STOP_SECONDS_MAX + " s");
        }
    }

    /** @param signal as kill takes it, such as -STOP */
    void signal(String name, String signal) throws Exception {
        signal(signal, List.of(node(name).process().toHandle()));
    }

    static void signal(String signal, List<ProcessHandle> processes) throws Exception {
        var command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private Running node(String name) {
        Running node = nodes.get(name);
        if (node == null) {
            throw new IllegalStateException("no node " + name + " was started");
        }
        return node;
    }

    /** Where each node that was ever started listens while it runs. */
    List<String> addresses() {
        return ports.entrySet().stream()
                .map(node -> network.map(spaces -> spaces.address(node.getKey()))
                                .orElse("127.0.0.1") + ":" + node.getValue())
                .toList();
    }

    NodeSettings.Database database() {
        return cluster.database();
    }

    /** PostgreSQL, its postmaster first. */
    List<ProcessHandle> postgres() {
        var all = new ArrayList<ProcessHandle>();
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments)
                                .contains(cluster.root().resolve("postgres").toString()))
                        .isPresent())
                .forEach(postmaster -> {
                    all.add(postmaster);
                    postmaster.descendants().forEach(all::add);
                });
        if (all.isEmpty()) {
            throw new IllegalStateException("PostgreSQL is not to be found among the processes");
        }
        return all;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
