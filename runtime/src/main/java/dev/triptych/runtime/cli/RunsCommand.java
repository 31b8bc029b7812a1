package dev.triptych.runtime.cli;

import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "runs", mixinStandardHelpOptions = true, description = "Runs of pipelines.")
final class RunsCommand {

    @Spec
    CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The last runs, newest first.")
    int list(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM", arity = "0..1", defaultValue = "", description = "all, if left out")
                    String system,
            @Option(names = "--kind", converter = Arguments.Kind.class, description = "feature, training or inference")
                    PipelineKind kind,
            @Option(names = "--pipeline", defaultValue = "", description = "only this pipeline's") String pipeline,
            @Option(names = "--limit", defaultValue = "20", description = "at most (${DEFAULT-VALUE})") int limit) {
        try (NodeClient client = node.connect()) {
            var request = ListRunsRequest.newBuilder()
                    .setSystem(system)
                    .setPipeline(pipeline)
                    .setLimit(limit);
            if (kind != null) {
                request.setKind(kind);
            }
            List<PipelineRun> runs =
                    client.pipelines().listRuns(request.build()).getRunsList();
            var output = new Output(spec.commandLine().getOut());
            if (node.json) {
                runs.forEach(output::json);
                return ExitCode.OK;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("RUN", "SYSTEM", "KIND", "PIPELINE", "TRIGGER", "STARTED", "TOOK", "STATE"));
            for (PipelineRun run : runs) {
                rows.add(List.of(
                        run.getRunId(),
                        run.getSystem(),
                        run.getKind().name().toLowerCase(Locale.ROOT),
                        run.getPipeline(),
                        run.getTrigger(),
                        Output.time(run.hasStarted(), run.getStarted()),
                        RunView.seconds(run),
                        run.getState().name().toLowerCase(Locale.ROOT)
                                + (run.getReason().isEmpty() ? "" : ": " + run.getReason())));
            }
            output.table(rows);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            description = "Follows a run to its end; exits with 1 if it failed.")
    int watch(@Mixin NodeOptions node, @Parameters(paramLabel = "RUN") String runId) {
        try (NodeClient client = node.connect()) {
            return new RunView(spec.commandLine(), node.json)
                    .follow(client, PipelineRun.newBuilder().setRunId(runId).build());
        }
    }
}
