package dev.triptych.runtime.grpc;

import com.google.protobuf.util.Timestamps;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.v1.AliasMove;
import dev.triptych.v1.FeatureImportance;
import dev.triptych.v1.Metrics;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.Provenance;
import dev.triptych.v1.ServedDeployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A version's card in Markdown (GitHub's dialect): what it is for, what it takes and gives, how good it is, what it was
 * made of, and where it serves. It says what is recorded, and nothing else.
 */
final class ModelCard {

    private final StringBuilder card = new StringBuilder();
    private final Model model;
    private final ModelVersion version;

    private ModelCard(Model model, ModelVersion version) {
        this.model = model;
        this.version = version;
    }

    /**
     * @param training as defined now; empty where it no longer is
     * @param deployments of the model
     */
    static String of(
            Model model,
            ModelVersion version,
            Optional<TrainingPipelineDefinition> training,
            List<ServedDeployment> deployments) {
        var card = new ModelCard(model, version);
        card.head();
        card.signature();
        card.quality();
        card.importance();
        training.ifPresent(card::gates);
        card.provenance();
        card.moves();
        card.deployments(deployments);
        return card.card.toString();
    }

    private void head() {
        line("# " + text(model.getSystem() + "/" + model.getModel()) + " version " + version.getNumber());
        line("");
        String aliases = model.getAliasesMap().entrySet().stream()
                .filter(alias -> alias.getValue() == version.getNumber())
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));
        line((aliases.isEmpty() ? "No alias points to it." : "Now: " + text(aliases) + ".") + " Registered "
                + Timestamps.toString(version.getCreated()) + ".");
    }

    private void signature() {
        var signature = version.getSignature();
        heading("What it predicts");
        line(text(signature.getLabel()) + " of one " + text(signature.getEntity()) + ", a "
                + signature.getTask().toLowerCase(Locale.ROOT)
                + (signature.getOutputsCount() > 1
                        ? " into " + text(String.join(", ", signature.getOutputsList()))
                        : "")
                + ".");
        line("");
        table(
                List.of("input", "type", "must be there"),
                signature.getInputsList().stream()
                        .map(input -> List.of(input.getFeature(), input.getType(), input.getRequired() ? "yes" : "no"))
                        .toList());
    }

    private void quality() {
        heading("How good it is");
        var header = new ArrayList<>(List.of("metric", "this version"));
        header.addAll(new TreeSet<>(version.getBaselineMetricsMap().keySet()));
        var rows = new ArrayList<List<String>>();
        new TreeMap<>(version.getMetricsMap()).forEach((metric, value) -> {
            var row = new ArrayList<>(List.of(metric, number(value)));
            header.subList(2, header.size())
                    .forEach(baseline -> row.add(Optional.ofNullable(
                                    version.getBaselineMetricsOrDefault(baseline, Metrics.getDefaultInstance())
                                            .getValuesMap()
                                            .get(metric))
                            .map(ModelCard::number)
                            .orElse("")));
            rows.add(row);
        });
        table(header, rows);
        if (version.getConfusionCount() > 0) {
            line("");
            table(
                    List.of("actual", "predicted", "count"),
                    version.getConfusionList().stream()
                            .map(cell ->
                                    List.of(cell.getActual(), cell.getPredicted(), String.valueOf(cell.getCount())))
                            .toList());
        }
    }

    private void importance() {
        if (!version.hasImportance()) {
            return;
        }
        heading("What counts");
        line("Mean absolute contribution to the raw output, over "
                + version.getImportance().getRows() + " training rows.");
        line("");
        table(
                List.of("input", "importance"),
                version.getImportance().getInputsList().stream()
                        .sorted(Comparator.comparingDouble(FeatureImportance.Input::getValue)
                                .reversed())
                        .map(input -> List.of(input.getFeature(), number(input.getValue())))
                        .toList());
    }

    private void gates(TrainingPipelineDefinition training) {
        heading("Gates");
        if (training.gates().isEmpty()) {
            line("None is defined.");
        }
        training.gates().forEach(gate -> line("- " + text(gate(gate))));
        line("");
        line("As defined now; promotion is " + DeploymentMessages.lower(training.promotion()) + ", by "
                + text(training.primaryMetric()) + ".");
    }

    private static String gate(GateDefinition gate) {
        return gate.metric() + " " + gate.comparison().sign() + " "
                + gate.baseline().map(name -> "baseline." + name).orElseGet(() -> number(gate.threshold()));
    }

    private void provenance() {
        Provenance provenance = version.getProvenance();
        heading("What it was made of");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("dataset", provenance.getDatasetRows() + " rows, " + provenance.getDatasetHash()));
        rows.add(List.of("definition", provenance.getDefinitionHash()));
        rows.add(List.of("training run", provenance.getRunId()));
        rows.add(List.of("trainer", provenance.getTrainer() + ", seed " + provenance.getSeed()));
        rows.add(List.of("parameters", pairs(provenance.getParametersMap())));
        rows.add(List.of("libraries", pairs(provenance.getLibrariesMap())));
        rows.add(List.of("content", version.getContentHash()));
        rows.add(List.of("artifact", version.getArtifactHash()));
        table(List.of("what", "which"), rows);
    }

    private void moves() {
        List<AliasMove> moves = model.getMovesList().stream()
                .filter(move -> move.getVersion() == version.getNumber() || move.getPrevious() == version.getNumber())
                .toList();
        heading("Moves of its aliases");
        if (moves.isEmpty()) {
            line("None.");
            return;
        }
        table(
                List.of("when", "alias", "from", "to", "by", "why"),
                moves.stream()
                        .map(move -> List.of(
                                Timestamps.toString(move.getAt()),
                                move.getAlias(),
                                move.getPrevious() == 0 ? "" : String.valueOf(move.getPrevious()),
                                String.valueOf(move.getVersion()),
                                move.getBy(),
                                move.getReason()))
                        .toList());
    }

    private void deployments(List<ServedDeployment> deployments) {
        var rows = new ArrayList<List<String>>();
        for (ServedDeployment deployment : deployments) {
            deployment.getNodesList().forEach(node -> {
                node.getRoutesList().stream()
                        .filter(served -> served.getVersion() == version.getNumber())
                        .forEach(served -> rows.add(List.of(
                                deployment.getName(), node.getNode(), served.getTo(), served.getWeight() + " %")));
                node.getShadowsList().stream()
                        .filter(served -> served.getVersion() == version.getNumber())
                        .forEach(served ->
                                rows.add(List.of(deployment.getName(), node.getNode(), served.getTo(), "shadow")));
            });
        }
        heading("Where it serves");
        if (rows.isEmpty()) {
            line("Nowhere.");
            return;
        }
        table(List.of("deployment", "node", "as", "share"), rows);
    }

    private void heading(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void table(List<String> header, List<? extends List<String>> rows) {
        row(header);
        row(header.stream().map(column -> "---").toList());
        rows.forEach(this::row);
    }

    private void row(List<String> cells) {
        line(cells.stream().map(ModelCard::text).collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String line) {
        card.append(line).append('\n');
    }

    private static String pairs(Map<String, String> pairs) {
        return new TreeMap<>(pairs)
                .entrySet().stream()
                        .map(pair -> pair.getKey() + " " + pair.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
    }

    /** What users named or wrote is no markup, and stays in its cell. */
    private static String text(String value) {
        return value.replaceAll("[\\p{Cntrl}]+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("([\\\\`*\\[\\]|])", "\\\\$1");
    }
}
