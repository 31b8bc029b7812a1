package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.inference.BatchInference;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.RunPipelineRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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

    @Option(
            names = "--as-of",
            converter = Arguments.Time.class,
            description = "inference: predict from the features as they were at this time")
    @Nullable
    Timestamp asOf;

    @Option(names = "--run-id", description = "names the run; a repeated id is the same run")
    String runId = "";

    @Option(names = "--no-wait", description = "returns as soon as the run has started")
    boolean noWait;

    @Override
    public Integer call() {
        if (asOf != null) {
            if (kind != PipelineKind.INFERENCE) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--as-of: only batch inference reads features as of a time");
            }
            options.put(
                    BatchInference.AS_OF,
                    Instant.ofEpochSecond(asOf.getSeconds(), asOf.getNanos()).toString());
        }
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
