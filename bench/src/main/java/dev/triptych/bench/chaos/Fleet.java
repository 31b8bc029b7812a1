package dev.triptych.bench.chaos;

import dev.triptych.bench.ScratchFolder;
import dev.triptych.runtime.LocalCluster;
import dev.triptych.runtime.LocalCluster.Program;
import dev.triptych.runtime.LocalCluster.Running;
import dev.triptych.runtime.NodeSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The nodes that things are done to. A node keeps its name, port and folder through every start. */
public final class Fleet implements AutoCloseable {

    private static final long START_SECONDS_MAX = 120;
    private static final long STOP_SECONDS_MAX = 60;
    private static final Path BENCH = Path.of(System.getProperty("triptych.home", "."), "bench");
    private static final Path SYSTEMS = BENCH.resolve("chaos");
    private static final Path SHIFTED_CLOCK = BENCH.resolve("src/main/c/shifted-clock.c");
    private static final List<String> NAMES = List.of("n1", "n2", "n3");
    private static final String DISK_SIZE = "32m";
    private static final String FILLER = "filler";

    private static final List<String> JVM = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            // Three young nodes on the cores of one machine would compile for most of a scenario.
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-Xlog:all=error,cds*=off:stderr",
            "-Xmx512m");

    private final LocalCluster cluster;
    private final Optional<Namespaces> network;
    private final Map<String, Running> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new ConcurrentSkipListMap<>();

    /** Those that run; the first has every singleton. */
    private final List<String> byAge = new CopyOnWriteArrayList<>();

    private final Path disk;
    private final Path clock;

    /** What nodes run that start from now on. */
    private Program program;

    private Fleet(LocalCluster cluster, Program program, Optional<Namespaces> network) {
        this.cluster = cluster;
        this.program = program;
        this.network = network;
        this.disk = cluster.root().resolve("shared");
        this.clock = cluster.root().resolve("clock");
    }

    /** Starts three nodes of this build that serve a version. */
    public static Fleet serving(Path folder, Ground ground) throws Exception {
        return serving(folder, ground, thisBuild());
    }

    static Fleet serving(Path folder, Ground ground, Program program) throws Exception {
        Fleet fleet = start(folder, ground, program);
        try (var clients = new RecordingClients(fleet::addresses)) {
            clients.prepare();
        }
        return fleet;
    }

    /** Starts nodes {@link #NAMES}; the first is the oldest. */
    private static Fleet start(Path folder, Ground ground, Program program) throws Exception {
        var jvm = new ArrayList<>(program.jvm());
        Optional<Namespaces> network = ground == Ground.NETWORKS ? Optional.of(new Namespaces()) : Optional.empty();
        if (network.isPresent()) {
            jvm.addAll(Certificates.issue(folder.resolve("certificates")));
        }
        LocalCluster cluster = LocalCluster.start(folder, SYSTEMS, jvm, line -> System.err.println("  " + line));
        var fleet = new Fleet(cluster, new Program(program.prefix(), jvm, program.classPath()), network);
        try {
            if (network.isPresent()) {
                network.get().offer(fleet.databasePort());
            }
            if (ground == Ground.SMALL_DISK) {
                Files.createDirectories(fleet.disk);
                sh("mount", "-t", "tmpfs", "-o", "size=" + DISK_SIZE, "triptych-chaos", fleet.disk.toString());
            }
            fleet.restore();
            return fleet;
        } catch (Exception e) {
            fleet.close();
            throw e;
        }
    }

    static Program thisBuild() throws Exception {
        var jvm = new ArrayList<>(JVM);
        jvm.add("-XX:SharedArchiveFile=" + classes());
        return Program.ofThisBuild(jvm);
    }

    static Program anotherBuild(String classPath) {
        return new Program(List.of(), JVM, classPath);
    }

    /** Nodes that start from now on are of this build. */
    void upgrade() throws Exception {
        program = thisBuild();
    }

    /** An archive of what nodes load, as the launcher's nodes have; made once after each build, which takes a node's life. */
    private static Path classes() throws Exception {
        Path built = BENCH.resolve("target");
        Path archive = built.resolve("nodes.jsa");
        if (Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(built.resolve("classpath")))
                        > 0) {
            return archive;
        }
        Files.deleteIfExists(archive);
        var jvm = new ArrayList<>(JVM);
        jvm.add("-XX:ArchiveClassesAtExit=" + archive);
        try (ScratchFolder folder = ScratchFolder.create("classes");
                LocalCluster cluster = LocalCluster.start(folder.path(), SYSTEMS, jvm, line -> {})) {
            cluster.startNode("archived", List.of(), 0, 0, List.of("--no-cadences"))
                    .grpcAddress()
                    .get(START_SECONDS_MAX, TimeUnit.SECONDS);
        }
        return archive;
    }

    /** Starts whichever of {@link #NAMES} is not running, and stops the others. */
    void restore() throws Exception {
        List<String> missing =
                NAMES.stream().filter(name -> !byAge.contains(name)).toList();
        for (String name : missing) {
            begin(name);
            if (byAge.size() == 1) {
                awaitReady(name);
            }
        }
        for (String name : missing) {
            awaitReady(name);
        }
        for (String name : byAge()) {
            if (!NAMES.contains(name)) {
                stop(name);
            }
        }
    }

    public List<String> byAge() {
        return List.copyOf(byAge);
    }

    String oldest() {
        return byAge.getFirst();
    }

    public String youngest() {
        return byAge.getLast();
    }

    /** The node was given up, and comes back by itself. */
    void rejoins(String name) {
        byAge.remove(name);
        byAge.add(name);
    }

    /** Starts a node, and returns at once. */
    void begin(String name) throws Exception {
        begin(name, List.of());
    }

    private void begin(String name, List<String> prefix) throws Exception {
        Integer known = ports.get(name);
        int port = known == null ? freePort() : known;
        ports.put(name, port);
        nodes.put(
                name,
                network.isPresent()
                        ? beginIn(network.get(), name, port)
                        : cluster.startNode(
                                program.after(prefix),
                                cluster.database().url(),
                                name,
                                List.of(),
                                port,
                                0,
                                List.of("--no-cadences")));
        byAge.add(name);
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
                program.after(spaces.prefix(name)),
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

    public void start(String name) throws Exception {
        begin(name);
        awaitReady(name);
    }

    /** SIGKILL. */
    void kill(String name) throws InterruptedException {
        byAge.remove(name);
        node(name).process().destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits until it is gone. */
    public void stop(String name) throws InterruptedException {
        byAge.remove(name);
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

    /** Stops a node, and starts it with a wall clock that {@link #shiftClock} sets. */
    void restartWithClock(String name) throws Exception {
        Path library = cluster.root().resolve("shifted-clock.so");
        sh("cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), SHIFTED_CLOCK.toString(), "-ldl");
        shiftClock(Duration.ZERO);
        stop(name);
        begin(name, List.of("env", "LD_PRELOAD=" + library, "TRIPTYCH_CLOCK=" + clock));
        awaitReady(name);
    }

    /** Against what the other nodes see, at once. */
    void shiftClock(Duration ahead) throws IOException {
        try (var file = FileChannel.open(clock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(0, ahead.toSeconds()));
        }
    }

    /** Until nothing more can be written to the shared folder. */
    void fillDisk() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(disk.resolve(FILLER))) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(disk).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    void emptyDisk() throws IOException {
        Files.delete(disk.resolve(FILLER));
    }

    private static void sh(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private Running node(String name) {
        Running node = nodes.get(name);
        if (node == null) {
            throw new IllegalStateException("no node " + name + " was started");
        }
        return node;
    }

    /** Where each node that was ever started listens while it runs. */
    public List<String> addresses() {
        return ports.keySet().stream().map(this::address).toList();
    }

    /** Where a node listens while it runs. */
    public String address(String name) {
        return network.map(spaces -> spaces.address(name)).orElse("127.0.0.1") + ":" + ports.get(name);
    }

    /** What its nodes wrote, each {@code NAME.log}. */
    Path root() {
        return cluster.root();
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
        try {
            if (Files.exists(disk) && Files.getFileStore(disk).name().equals("triptych-chaos")) {
                sh("umount", disk.toString());
            }
            if (network.isPresent()) {
                network.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
