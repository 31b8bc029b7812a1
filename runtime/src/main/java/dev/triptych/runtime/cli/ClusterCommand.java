package dev.triptych.runtime.cli;

import dev.triptych.runtime.LocalCluster;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Starts a cluster of several nodes on this machine, each a process of its own, with a PostgreSQL"
                + " of its own, and runs until it is stopped (Ctrl-C).")
final class ClusterCommand implements Callable<Integer> {

    private static final int NODES_MAX = 9;

    @Spec
    CommandSpec spec;

    @Option(names = "--nodes", defaultValue = "3", description = "so many (${DEFAULT-VALUE})")
    int nodes = 3;

    @Option(names = "--data", paramLabel = "DIR", description = "where everything is kept (~/.triptych-cluster)")
    @Nullable
    Path data;

    @Option(names = "--systems", paramLabel = "DIR", description = "holds a folder for each system (config/systems)")
    @Nullable
    Path systems;

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "of one node after the other, once for each, such as --roles feature,training"
                    + " --roles inference; the nodes left have all of them")
    List<String> roles = List.of();

    @Option(
            names = "--port",
            defaultValue = "7420",
            description = "of the first node's gRPC interface; the next has"
                    + " the next one (${DEFAULT-VALUE}); 0 for any free ones")
    int port = 7420;

    @Option(names = "--http-port", defaultValue = "8080", description = "the same for HTTP (${DEFAULT-VALUE})")
    int httpPort = 8080;

    @Option(names = "--no-cadences", description = "pipelines run only by hand")
    boolean noCadences;

    @Override
    public Integer call() throws InterruptedException {
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes: " + nodes + " (expected: 1 to " + NODES_MAX + ")");
        }
        var output = new Output(spec.commandLine().getOut());
        Path root = Optional.ofNullable(data).orElse(Path.of(System.getProperty("user.home"), ".triptych-cluster"));
        Path folder = Optional.ofNullable(systems).orElseGet(StartOptions::systemsOfCheckout);
        try (var cluster = LocalCluster.start(
                root, folder, ManagementFactory.getRuntimeMXBean().getInputArguments(), output::line)) {
            output.line("PostgreSQL runs in this process ("
                    + ProcessHandle.current().pid() + "); " + cluster.database().url());
            var more = new ArrayList<String>();
            if (noCadences) {
                more.add("--no-cadences");
            }
            for (int i = 0; i < nodes; i++) {
                cluster.startNode(
                        "node-" + (i + 1),
                        i < roles.size() ? List.of(roles.get(i).split(",")) : List.of(),
                        port == 0 ? 0 : port + i,
                        httpPort == 0 ? 0 : httpPort + i,
                        more);
            }
            cluster.awaitStop();
        }
        return ExitCode.OK;
    }
}
