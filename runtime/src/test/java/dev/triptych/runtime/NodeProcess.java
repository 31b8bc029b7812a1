package dev.triptych.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as a process of its own, started and killed by a test. */
public final class NodeProcess implements AutoCloseable {

    private static final long STOP_WAIT_SECONDS = 30;
    private static final Pattern GRPC_ADDRESS = Pattern.compile("gRPC on ([^,\\s]+)");

    private final Process process;
    private final String address;

    private NodeProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts the node of a data directory, and waits until it is ready. */
    static NodeProcess start(Path data, Path systems) throws IOException {
        Process process = run(List.of(
                "node",
                "--data",
                data.toString(),
                "--systems",
                systems.toString(),
                "--port",
                "0",
                "--http-port",
                "0",
                "--no-cadences"));
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher told = GRPC_ADDRESS.matcher(line);
            if (told.find()) {
                return new NodeProcess(process, told.group(1));
            }
        }
        throw new IllegalStateException("the node ended before it was ready");
    }

    private static Process run(List<String> arguments) throws IOException {
        return command(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The command line, for a JVM of its own. */
    public static ProcessBuilder command(List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    String address() {
        return address;
    }

    /** SIGKILL: nothing in the process gets to say goodbye. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, as Ctrl-C and Kubernetes stop it. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("the node did not stop within " + STOP_WAIT_SECONDS + " s");
        }
    }
}
