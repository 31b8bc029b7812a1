package dev.triptych.runtime.cli;

import dev.triptych.runtime.Node;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Starts a node with every system of a folder, and runs until it is stopped (Ctrl-C).")
final class NodeCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    StartOptions start = new StartOptions();

    @Override
    public Integer call() throws InterruptedException {
        try (Node node = Node.start(start.settings())) {
            var output = new Output(spec.commandLine().getOut());
            output.line("ready: systems " + String.join(", ", node.systems()) + "; gRPC on " + node.grpcAddress()
                    + ", HTTP on " + node.httpAddress());
            node.awaitStop();
        }
        return ExitCode.OK;
    }
}
