package dev.triptych.runtime.cli;

import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.runtime.StartFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Starts a node with every system of a folder, and runs until it is stopped (Ctrl-C).")
final class NodeCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REJOIN_PAUSE_SECONDS = 3;

    @Spec
    CommandSpec spec;

    @Mixin
    StartOptions start = new StartOptions();

    @Override
    public Integer call() throws InterruptedException {
        var output = new Output(spec.commandLine().getOut());
        NodeSettings settings = start.settings();
        boolean again = run(settings, output);
        while (again) {
            output.line("ended: others have taken over what this node owned; it joins again");
            again = rejoin(settings, output);
        }
        return ExitCode.OK;
    }

    /** @return whether the node is to join again */
    private static boolean run(NodeSettings settings, Output output) throws InterruptedException {
        try (Node node = Node.start(settings)) {
            for (Optional<String> not = node.awaitReady(PATIENCE);
                    not.isPresent() && !node.isStopping();
                    not = node.awaitReady(PATIENCE)) {
                output.line("waiting: " + not.get());
            }
            if (node.isStopping()) {
                return node.wasRemoved();
            }
            output.line("ready: systems " + String.join(", ", node.systems()) + "; gRPC on " + node.grpcAddress()
                    + ", HTTP on " + node.httpAddress());
            node.awaitStop();
            return node.wasRemoved();
        }
    }

    /** What took the node out of its cluster may not be over yet. */
    private static boolean rejoin(NodeSettings settings, Output output) throws InterruptedException {
        try {
            return run(settings, output);
        } catch (StartFailure stillAway) {
            output.line("not yet: " + stillAway.getMessage());
            TimeUnit.SECONDS.sleep(REJOIN_PAUSE_SECONDS);
            return true;
        }
    }
}
