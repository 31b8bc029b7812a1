package dev.triptych.runtime.cli;

import dev.triptych.v1.Instance;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Predicts keys, whose features are looked up, or one row of given features.")
final class PredictCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Parameters(index = "0", paramLabel = "SYSTEM")
    String system = "";

    @Parameters(index = "1..*", paramLabel = "KEY", description = "entities to predict")
    List<String> keys = List.of();

    @Option(names = "--deployment", description = "which one, where the system has several")
    String deployment = "";

    @Option(
            names = "--feature",
            paramLabel = "NAME=VALUE",
            converter = {TextConverter.class, Arguments.FeatureValue.class},
            description = "a given feature, instead of keys; those left out are missing")
    Map<String, Value> features = new LinkedHashMap<>();

    @Option(names = "--explain", description = "what each feature added to each prediction")
    boolean explain;

    @Override
    public Integer call() {
        if (keys.isEmpty() == features.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give either keys or --feature NAME=VALUE, and not both");
        }
        var request = PredictRequest.newBuilder()
                .setSystem(system)
                .setDeployment(deployment)
                .setExplain(explain);
        keys.forEach(key -> request.addInstances(Instance.newBuilder().setKey(key)));
        if (keys.isEmpty()) {
            request.addInstances(Instance.newBuilder().putAllFeatures(features));
        }
        try (NodeClient client = node.connect()) {
            var response = client.predictions().predict(request.build());
            var table = new PredictionTable(new Output(spec.commandLine().getOut()), node.json);
            table.show(response.getPredictionsList());
            if (explain && !node.json) {
                table.explain(response.getPredictionsList());
            }
            return ExitCode.OK;
        }
    }

    /** Keeps a map's keys as they are written. */
    static final class TextConverter implements picocli.CommandLine.ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return text;
        }
    }
}
