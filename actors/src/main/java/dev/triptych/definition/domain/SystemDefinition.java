package dev.triptych.definition.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One machine-learning system as its user declares it: a folder with {@code system.conf} and SQL, parsed and checked.
 *
 * @param name letters, digits, dash and underscore
 * @param hash SHA-256 over the definition's files that are text (system.conf and SQL), by which it is versioned
 * @param folder where its files are; relative paths in it start here
 */
public record SystemDefinition(
        String name,
        String description,
        String hash,
        Path folder,
        List<EntityDefinition> entities,
        List<ViewDefinition> views,
        List<FeaturePipelineDefinition> featurePipelines,
        List<TrainingPipelineDefinition> trainingPipelines,
        List<DeploymentDefinition> deployments,
        List<InferencePipelineDefinition> inferencePipelines,
        MonitoringDefinition monitoring) {
    public SystemDefinition {
        entities = List.copyOf(entities);
        views = List.copyOf(views);
        featurePipelines = List.copyOf(featurePipelines);
        trainingPipelines = List.copyOf(trainingPipelines);
        deployments = List.copyOf(deployments);
        inferencePipelines = List.copyOf(inferencePipelines);
    }

    /** Watched as every system is that says nothing of it. */
    public SystemDefinition(
            String name,
            String description,
            String hash,
            Path folder,
            List<EntityDefinition> entities,
            List<ViewDefinition> views,
            List<FeaturePipelineDefinition> featurePipelines,
            List<TrainingPipelineDefinition> trainingPipelines,
            List<DeploymentDefinition> deployments,
            List<InferencePipelineDefinition> inferencePipelines) {
        this(
                name,
                description,
                hash,
                folder,
                entities,
                views,
                featurePipelines,
                trainingPipelines,
                deployments,
                inferencePipelines,
                MonitoringDefinition.DEFAULT);
    }

    public Optional<EntityDefinition> entity(String wanted) {
        return entities.stream().filter(entity -> entity.name().equals(wanted)).findFirst();
    }

    public Optional<ViewDefinition> view(String wanted) {
        return views.stream().filter(view -> view.name().equals(wanted)).findFirst();
    }

    public List<ViewDefinition> viewsOf(String entity) {
        return views.stream().filter(view -> view.entity().equals(entity)).toList();
    }

    public Optional<TrainingPipelineDefinition> trainingPipelineOf(String model) {
        return trainingPipelines.stream()
                .filter(pipeline -> pipeline.model().equals(model))
                .findFirst();
    }

    public Optional<DeploymentDefinition> deployment(String wanted) {
        return deployments.stream()
                .filter(deployment -> deployment.name().equals(wanted))
                .findFirst();
    }
}
