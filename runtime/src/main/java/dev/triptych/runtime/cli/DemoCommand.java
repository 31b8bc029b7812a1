package dev.triptych.runtime.cli;

import dev.triptych.runtime.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "The Titanic system from raw rows to replayed predictions: backfills the real passengers, trains,"
                + " promotes, lets synthetic passengers arrive, predicts each, runs batch inference, receives outcomes,"
                + " and replays every prediction. Then goes on, passengers arriving, until Ctrl-C.")
final class DemoCommand implements Callable<Integer> {

    private static final int TIMEOUT_SECONDS = 60;
    private static final int STOP_SECONDS_MAX = 30;

    @Spec
    CommandSpec spec;

    @Mixin
    StartOptions start = new StartOptions();

    @Option(names = "--once", description = "on a data directory of its own, and ends after the report")
    boolean once;

    @Option(names = "--json", description = "the report as one JSON object, on the last line")
    boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (!once) {
            return demonstrate();
        }
        Path scratch = Files.createTempDirectory("triptych-demo");
        start.data = scratch;
        start.port = 0;
        start.httpPort = 0;
        start.noCadences = true;
        var deleted = new CountDownLatch(1);
        // Ctrl-C stops the node, which ends the demonstration; the process must not end before the folder is gone.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(deleted), "triptych-demo-stop"));
        try {
            return demonstrate();
        } finally {
            delete(scratch);
            deleted.countDown();
        }
    }

    private static void await(CountDownLatch deleted) {
        try {
            deleted.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int demonstrate() throws InterruptedException {
        var output = new Output(spec.commandLine().getOut());
        try (Node node = Node.start(start.settings());
                var client = new NodeClient(
                        node.grpcAddress(),
                        NodeTrust.fromEnvironment().credentials(),
                        NodeOptions.tokenFromEnvironment(),
                        TIMEOUT_SECONDS)) {
            DemoReport report;
            try (var progress = Progress.on(spec.commandLine().getErr())) {
                report = new DemoRun(client, progress).run();
            }
            if (json) {
                output.line(report.json());
            } else {
                report.print(output);
            }
            if (!once) {
                output.line("");
                output.line("Open " + node.pages() + " to see it, live: passengers go on arriving.");
                output.line("gRPC on " + node.grpcAddress()
                        + ". Try: ./triptych monitor drift titanic; ./triptych predictions list titanic. Stop with"
                        + " Ctrl-C.");
                ArrivingPassengers arriving = ArrivingPassengers.predict(client);
                try {
                    node.awaitStop();
                } finally {
                    arriving.close();
                }
            }
            return report.good() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
