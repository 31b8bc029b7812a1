package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.ListPredictionsRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "predictions", mixinStandardHelpOptions = true, description = "Recorded predictions.")
final class PredictionsCommand {

    @Spec
    CommandSpec spec;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Recorded predictions, oldest first or newest first.")
    int list(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM", arity = "0..1", defaultValue = "", description = "all, if left out")
                    String system,
            @Option(names = "--deployment", defaultValue = "") String deployment,
            @Option(names = "--key", defaultValue = "") String key,
            @Option(names = "--version-number", defaultValue = "0", description = "of the model") int version,
            @Option(names = "--run", defaultValue = "", description = "only this batch run's") String runId,
            @Option(names = "--since", converter = Arguments.Time.class) @Nullable Timestamp since,
            @Option(names = "--until", converter = Arguments.Time.class) @Nullable Timestamp until,
            @Option(names = "--after", defaultValue = "", description = "the last id of the page before") String after,
            @Option(names = "--newest-first") boolean newestFirst,
            @Option(names = "--limit", defaultValue = "100", description = "at most (${DEFAULT-VALUE})") int limit) {
        var request = ListPredictionsRequest.newBuilder()
                .setSystem(system)
                .setDeployment(deployment)
                .setKey(key)
                .setVersion(version)
                .setRunId(runId)
                .setAfter(after)
                .setNewestFirst(newestFirst)
                .setLimit(limit);
        if (since != null) {
            request.setSince(since);
        }
        if (until != null) {
            request.setUntil(until);
        }
        try (NodeClient client = node.connect()) {
            var response = client.predictions().listPredictions(request.build());
            new PredictionTable(new Output(spec.commandLine().getOut()), node.json).show(response.getPredictionsList());
            KeptSince.tell(spec, response.hasKeptSince(), response.getKeptSince());
            return ExitCode.OK;
        }
    }
}
