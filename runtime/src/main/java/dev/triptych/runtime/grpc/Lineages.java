package dev.triptych.runtime.grpc;

import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Provenance;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.v1.Lineage;
import dev.triptych.v1.Lineage.Node.Kind;
import dev.triptych.v1.ServedDeployment;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a version comes from, by its definition and its provenance, and where it is used now. */
final class Lineages {

    private final Lineage.Builder graph = Lineage.newBuilder();
    private final SystemDefinition system;
    private final RegisteredModel model;
    private final ModelVersion version;

    private Lineages(SystemDefinition system, RegisteredModel model, ModelVersion version) {
        this.system = system;
        this.model = model;
        this.version = version;
    }

    /** @param deployments of the model, as they are served */
    static Lineage of(
            SystemDefinition system, RegisteredModel model, ModelVersion version, List<ServedDeployment> deployments) {
        var lineage = new Lineages(system, model, version);
        lineage.features();
        lineage.training();
        lineage.serving(deployments);
        return lineage.graph.build();
    }

    private void features() {
        var views = new LinkedHashSet<String>();
        version.signature().inputs().stream().map(FeatureRead::view).forEach(views::add);
        views.add(labelView());
        for (String view : views) {
            node("view/" + view, Kind.VIEW, view, Map.of());
        }
        for (FeaturePipelineDefinition pipeline : system.featurePipelines()) {
            List<String> written = pipeline.outputs().stream()
                    .map(FeaturePipelineDefinition.Output::view)
                    .filter(views::contains)
                    .toList();
            if (!written.isEmpty()) {
                source(pipeline);
                written.forEach(view -> edge("feature-pipeline/" + pipeline.name(), "view/" + view));
            }
        }
    }

    private String labelView() {
        String label = version.signature().label();
        return label.substring(0, label.indexOf('.'));
    }

    private void source(FeaturePipelineDefinition pipeline) {
        String id = "feature-pipeline/" + pipeline.name();
        node(
                id,
                Kind.FEATURE_PIPELINE,
                pipeline.name(),
                Map.of("cadence", pipeline.cadence().text()));
        switch (pipeline.source()) {
            case SourceDefinition.Files files ->
                files.files().forEach(file -> {
                    String name = system.folder()
                            .toAbsolutePath()
                            .relativize(file.toAbsolutePath())
                            .toString();
                    node(
                            "source/" + name,
                            Kind.SOURCE,
                            name,
                            Map.of("format", DeploymentMessages.lower(files.format())));
                    edge("source/" + name, id);
                });
            case SourceDefinition.Generated generated -> {
                node("source/" + generated.className(), Kind.SOURCE, generated.className(), generated.options());
                edge("source/" + generated.className(), id);
            }
        }
    }

    private void training() {
        Provenance provenance = version.provenance();
        node(
                "dataset",
                Kind.DATASET,
                provenance.datasetRows() + " rows",
                Map.of(
                        "hash", provenance.datasetHash(),
                        "rows", String.valueOf(provenance.datasetRows()),
                        "horizon", provenance.horizonTransaction() + "/" + provenance.horizonOrdering()));
        graph.getNodesList().stream()
                .filter(node -> node.getKind() == Kind.VIEW)
                .map(Lineage.Node::getId)
                .toList()
                .forEach(view -> edge(view, "dataset"));
        node(
                "training-run",
                Kind.TRAINING_RUN,
                provenance.runId(),
                Map.of("trainer", provenance.trainer(), "seed", String.valueOf(provenance.seed())));
        edge("dataset", "training-run");
        node(
                "version",
                Kind.VERSION,
                model.model() + " version " + version.number(),
                Map.of("content_hash", version.contentHash(), "artifact_hash", version.artifactHash()));
        edge("training-run", "version");
    }

    private void serving(List<ServedDeployment> deployments) {
        model.aliases().entrySet().stream()
                .filter(alias -> alias.getValue() == version.number())
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(alias -> {
                    node("alias/" + alias, Kind.ALIAS, alias, Map.of());
                    edge("version", "alias/" + alias);
                });
        deployments.forEach(this::serving);
    }

    private void serving(ServedDeployment deployment) {
        var weights = new HashMap<String, Integer>();
        deployment.getRoutesList().forEach(route -> weights.put(route.getTo(), route.getWeight()));
        Set<String> shadows = Set.copyOf(deployment.getShadowsList());
        String id = "deployment/" + deployment.getName();
        boolean[] used = {false};
        targets().forEach((target, from) -> {
            if (weights.containsKey(target) || shadows.contains(target)) {
                if (!used[0]) {
                    used[0] = true;
                    node(id, Kind.DEPLOYMENT, deployment.getName(), Map.of("audit", deployment.getAudit()));
                }
                edge(from, id);
            }
        });
        if (used[0]) {
            batches(deployment.getName(), id);
        }
    }

    /** Names by which a route reaches the version, and the node each of them is. */
    private Map<String, String> targets() {
        var targets = new HashMap<String, String>();
        targets.put(String.valueOf(version.number()), "version");
        model.aliases().forEach((alias, number) -> {
            if (number == version.number()) {
                targets.put(alias, "alias/" + alias);
            }
        });
        return targets;
    }

    private void batches(String deployment, String id) {
        system.inferencePipelines().stream()
                .filter(pipeline -> pipeline.deployment().equals(deployment))
                .forEach(pipeline -> {
                    String batch = "inference-pipeline/" + pipeline.name();
                    node(
                            batch,
                            Kind.INFERENCE_PIPELINE,
                            pipeline.name(),
                            Map.of("cadence", pipeline.cadence().text()));
                    edge(id, batch);
                });
    }

    private void node(String id, Kind kind, String name, Map<String, String> details) {
        if (graph.getNodesList().stream().noneMatch(node -> node.getId().equals(id))) {
            graph.addNodes(Lineage.Node.newBuilder()
                    .setId(id)
                    .setKind(kind)
                    .setName(name)
                    .putAllDetails(details));
        }
    }

    private void edge(String from, String to) {
        graph.addEdges(Lineage.Edge.newBuilder().setFrom(from).setTo(to));
    }
}
