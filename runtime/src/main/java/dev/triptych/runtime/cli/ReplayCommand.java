package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Computes recorded predictions again from the journal and compares the bits; exits with 1 if any"
                + " differs.")
final class ReplayCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "one prediction; all that the options name, if left out")
    String id = "";

    @Option(names = "--system", defaultValue = "")
    String system = "";

    @Option(names = "--deployment", defaultValue = "")
    String deployment = "";

    @Option(names = "--from", converter = Arguments.Time.class, description = "inclusive")
    @Nullable
    Timestamp since;

    @Option(names = "--to", converter = Arguments.Time.class, description = "exclusive")
    @Nullable
    Timestamp until;

    @Override
    public Integer call() {
        var request = ReplayRequest.newBuilder().setId(id).setSystem(system).setDeployment(deployment);
        if (since != null) {
            request.setSince(since);
        }
        if (until != null) {
            request.setUntil(until);
        }
        var output = new Output(spec.commandLine().getOut());
        long replayed = 0;
        long identical = 0;
        try (NodeClient client = node.connect();
                var progress = Progress.on(spec.commandLine().getErr())) {
            Iterator<ReplayResult> results = client.audit().replay(request.build());
            while (results.hasNext()) {
                ReplayResult result = results.next();
                replayed++;
                identical += result.getIdentical() ? 1 : 0;
                if (node.json) {
                    output.json(result);
                } else if (!result.getIdentical()) {
                    output.line(difference(result));
                }
                progress.show("replaying", replayed, 0);
            }
        }
        if (!node.json) {
            output.line(replayed + " replayed, " + identical + " identical");
        }
        return identical == replayed ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String difference(ReplayResult result) {
        return result.getId()
                + (result.getProblem().isEmpty()
                        ? " differs: recorded " + result.getRecordedList() + ", replayed " + result.getReplayedList()
                        : " could not be replayed: " + result.getProblem());
    }
}
