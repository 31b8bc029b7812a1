package dev.triptych.runtime.cli;

import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.RunPipelineRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a pipeline now and waits until it has ended; exits with 1 if the run failed.")
final class RunCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Parameters(paramLabel = "SYSTEM", description = "the system, for example titanic")
    String system = "";

    @Parameters(paramLabel = "KIND", converter = Arguments.Kind.class, description = "feature, training or inference")
    PipelineKind kind = PipelineKind.PIPELINE_KIND_UNSPECIFIED;

    @Option(names = "--pipeline", description = "which one, where the system has several of the kind")
    String pipeline = "";

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "an option for this run, such as count=200")
    Map<String, String> options = new LinkedHashMap<>();

    @Option(names = "--run-id", description = "names the run; a repeated id is the same run")
    String runId = "";

    @Option(names = "--no-wait", description = "returns as soon as the run has started")
    boolean noWait;

    @Override
    public Integer call() {
        try (NodeClient client = node.connect()) {
            PipelineRun started = client.pipelines()
                    .run(RunPipelineRequest.newBuilder()
                            .setSystem(system)
                            .setKind(kind)
                            .setPipeline(pipeline)
                            .setRunId(runId)
                            .putAllOptions(options)
                            .build());
            var view = new RunView(spec.commandLine(), node.json);
            return noWait ? view.show(started) : view.follow(client, started);
        }
    }
}
