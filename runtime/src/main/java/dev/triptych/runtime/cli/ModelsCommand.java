package dev.triptych.runtime.cli;

import com.google.api.HttpBody;
import com.google.gson.JsonObject;
import dev.triptych.v1.AliasMove;
import dev.triptych.v1.FeatureImportance;
import dev.triptych.v1.GetModelCardRequest;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.ListModelsRequest;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.RollBackRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "models", mixinStandardHelpOptions = true, description = "Models, their versions and aliases.")
final class ModelsCommand {

    private static final int HASH_SHOWN = 12;

    @Spec
    CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every version of every model.")
    int list(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM", arity = "0..1", defaultValue = "", description = "all, if left out")
                    String system) {
        try (NodeClient client = node.connect()) {
            List<Model> models = client.registry()
                    .listModels(ListModelsRequest.newBuilder().setSystem(system).build())
                    .getModelsList();
            Output output = output();
            if (node.json) {
                models.forEach(output::json);
                return ExitCode.OK;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("MODEL", "VERSION", "ALIASES", "CREATED", "TRAINER", "CONTENT", "METRICS"));
            for (Model model : models) {
                for (ModelVersion version : model.getVersionsList()) {
                    rows.add(List.of(
                            model.getSystem() + "/" + model.getModel(),
                            String.valueOf(version.getNumber()),
                            aliases(model, version.getNumber()),
                            Output.time(version.hasCreated(), version.getCreated()),
                            version.getProvenance().getTrainer(),
                            version.getContentHash().substring(0, HASH_SHOWN),
                            metrics(version.getMetricsMap())));
                }
            }
            output.table(rows);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One version: metrics beside the baselines, signature, importance of its inputs, evaluator,"
                    + " provenance.")
    int show(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "MODEL") String name,
            @Parameters(paramLabel = "VERSION", arity = "0..1", description = "the champion, if left out") @Nullable
                    Integer number) {
        try (NodeClient client = node.connect()) {
            Model model = client.registry()
                    .getModel(GetModelRequest.newBuilder()
                            .setSystem(system)
                            .setModel(name)
                            .build());
            int wanted = number == null ? model.getAliasesOrDefault("champion", 0) : number;
            ModelVersion version = model.getVersionsList().stream()
                    .filter(each -> each.getNumber() == wanted)
                    .findFirst()
                    .orElseThrow(() -> number == null
                            ? noChampion(name)
                            : Status.NOT_FOUND
                                    .withDescription(
                                            "version: " + wanted + " (expected: 1 to " + model.getVersionsCount() + ")")
                                    .asRuntimeException());
            if (node.json) {
                output().json(version);
            } else {
                show(model, version);
            }
            return ExitCode.OK;
        }
    }

    private void show(Model model, ModelVersion version) {
        Output output = output();
        output.line(model.getSystem() + "/" + model.getModel() + " version " + version.getNumber() + " "
                + aliases(model, version.getNumber()));
        output.table(MetricsTable.of(version));
        version.getConfusionList()
                .forEach(cell -> output.line(
                        "actual " + cell.getActual() + " predicted " + cell.getPredicted() + ": " + cell.getCount()));
        output.line("predicts   " + version.getSignature().getLabel() + " as "
                + String.join(" or ", version.getSignature().getOutputsList()));
        output.line("inputs     "
                + version.getSignature().getInputsList().stream()
                        .map(input ->
                                input.getFeature() + " " + input.getType() + (input.getRequired() ? " (required)" : ""))
                        .collect(Collectors.joining(", ")));
        output.line("evaluator  " + evaluator(version));
        if (version.hasImportance()) {
            output.line("importance of the inputs: mean |contribution| over "
                    + version.getImportance().getRows() + " rows");
            output.table(importance(version.getImportance()));
        }
        output.line("content    " + version.getContentHash());
        output.line("artifact   " + version.getArtifactHash());
        output.line("dataset    " + version.getProvenance().getDatasetHash() + ", "
                + version.getProvenance().getDatasetRows() + " rows");
        output.line("definition " + version.getProvenance().getDefinitionHash());
        output.line("run        " + version.getProvenance().getRunId() + ", seed "
                + version.getProvenance().getSeed());
        output.line("trainer    " + version.getProvenance().getTrainer() + " "
                + new TreeMap<>(version.getProvenance().getParametersMap()));
        output.line("libraries  " + new TreeMap<>(version.getProvenance().getLibrariesMap()));
    }

    @Command(
            name = "card",
            mixinStandardHelpOptions = true,
            description = "The card of one version: what is known of it, as Markdown.")
    int card(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "MODEL") String name,
            @Parameters(paramLabel = "VERSION", arity = "0..1", description = "the champion, if left out") @Nullable
                    Integer number) {
        try (NodeClient client = node.connect()) {
            int version = number == null ? champion(client, system, name) : number;
            HttpBody card = client.registry()
                    .getModelCard(GetModelCardRequest.newBuilder()
                            .setSystem(system)
                            .setModel(name)
                            .setVersion(version)
                            .build());
            String markdown = card.getData().toStringUtf8();
            if (node.json) {
                var json = new JsonObject();
                json.addProperty("markdown", markdown);
                output().line(json.toString());
            } else {
                output().line(markdown.stripTrailing());
            }
            return ExitCode.OK;
        }
    }

    private static int champion(NodeClient client, String system, String name) {
        int version = client.registry()
                .getModel(GetModelRequest.newBuilder()
                        .setSystem(system)
                        .setModel(name)
                        .build())
                .getAliasesOrDefault("champion", 0);
        if (version == 0) {
            throw noChampion(name);
        }
        return version;
    }

    private static StatusRuntimeException noChampion(String name) {
        return Status.NOT_FOUND
                .withDescription(name + " has no champion; name a version, or promote one")
                .asRuntimeException();
    }

    @Command(name = "promote", mixinStandardHelpOptions = true, description = "Moves an alias to a version.")
    int promote(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "MODEL") String model,
            @Parameters(paramLabel = "VERSION") int version,
            @Option(names = "--alias", defaultValue = "champion", description = "${DEFAULT-VALUE}") String alias,
            @Option(names = "--reason", defaultValue = "", description = "recorded with the move") String reason) {
        try (NodeClient client = node.connect()) {
            return moved(
                    node,
                    client.registry()
                            .promote(PromoteRequest.newBuilder()
                                    .setSystem(system)
                                    .setModel(model)
                                    .setVersion(version)
                                    .setAlias(alias)
                                    .setBy(NodeOptions.user())
                                    .setReason(reason)
                                    .build()));
        }
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Moves an alias back to where it pointed before.")
    int rollback(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "MODEL") String model,
            @Option(names = "--alias", defaultValue = "champion", description = "${DEFAULT-VALUE}") String alias,
            @Option(names = "--reason", defaultValue = "", description = "recorded with the move") String reason) {
        try (NodeClient client = node.connect()) {
            return moved(
                    node,
                    client.registry()
                            .rollBack(RollBackRequest.newBuilder()
                                    .setSystem(system)
                                    .setModel(model)
                                    .setAlias(alias)
                                    .setBy(NodeOptions.user())
                                    .setReason(reason)
                                    .build()));
        }
    }

    private int moved(NodeOptions node, AliasMove move) {
        if (node.json) {
            output().json(move);
        } else {
            output().line(move.getAlias() + " now points to version " + move.getVersion()
                    + (move.getPrevious() == 0 ? "" : ", before to " + move.getPrevious()));
            move.getNotServingList()
                    .forEach(each -> output().line("deployment " + each.getDeployment() + " on " + each.getNode()
                            + " goes on as before: " + each.getProblem()));
        }
        return move.getNotServingCount() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private Output output() {
        return new Output(spec.commandLine().getOut());
    }

    private static String aliases(Model model, int version) {
        return model.getAliasesMap().entrySet().stream()
                .filter(alias -> alias.getValue() == version)
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String evaluator(ModelVersion version) {
        if (!version.hasEvaluatedBy()) {
            return "unknown (trained before it was recorded)";
        }
        String reason = version.getEvaluatedBy().getReason();
        return version.getEvaluatedBy().getEvaluator() + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** The greatest first. */
    private static List<List<String>> importance(FeatureImportance importance) {
        double sum = importance.getInputsList().stream()
                .mapToDouble(FeatureImportance.Input::getValue)
                .sum();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("INPUT", "IMPORTANCE", "SHARE"));
        importance.getInputsList().stream()
                .sorted(Comparator.comparingDouble(FeatureImportance.Input::getValue)
                        .reversed())
                .forEach(input -> rows.add(List.of(
                        input.getFeature(),
                        Output.number(input.getValue()),
                        Math.round(sum == 0 ? 0 : 100 * input.getValue() / sum) + " %")));
        return rows;
    }

    private static String metrics(Map<String, Double> metrics) {
        return new TreeMap<>(metrics)
                .entrySet().stream()
                        .map(metric -> metric.getKey() + " " + Output.number(metric.getValue()))
                        .collect(Collectors.joining(", "));
    }
}
