package dev.triptych.definition;

import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads deployments and inference pipelines. */
final class ServingParser {

    private final Declared declared;
    private final List<TrainingPipelineDefinition> training;
    private final KeySelectionParser selections;
    private final List<DeploymentDefinition> deployments = new ArrayList<>();

    /** @param training the pipelines whose models can be deployed */
    ServingParser(Declared declared, List<TrainingPipelineDefinition> training, KeySelectionParser selections) {
        this.declared = declared;
        this.selections = selections;
        this.training = training;
    }

    DeploymentDefinition deployment(Section.Named named) {
        Section section = named.section();
        String model = section.text("model");
        if (!model.isEmpty() && trainingOf(model).isEmpty()) {
            section.unknown(
                    "model",
                    "model",
                    model,
                    training.stream().map(TrainingPipelineDefinition::model).toList());
        }
        var deployment = new DeploymentDefinition(named.name(), model, new DeploymentParser(section).rules());
        section.finish();
        deployments.add(deployment);
        return deployment;
    }

    /** Reads a pipeline of one of the deployments read before. */
    InferencePipelineDefinition inference(Section.Named named) {
        Section section = named.section();
        var cadence = Cadences.read(section);
        String deploymentName = section.text("deployment");
        Optional<DeploymentDefinition> deployment = deployments.stream()
                .filter(each -> each.name().equals(deploymentName))
                .findFirst();
        if (deployment.isEmpty() && !deploymentName.isEmpty()) {
            section.unknown(
                    "deployment",
                    "deployment",
                    deploymentName,
                    deployments.stream().map(DeploymentDefinition::name).toList());
        }
        Optional<TrainingPipelineDefinition> model = deployment.flatMap(each -> trainingOf(each.model()));
        KeySelection keys = selections.parse(section, model.map(TrainingPipelineDefinition::entity));
        if (keys instanceof KeySelection.OfView(String viewName)) {
            Optional<ViewDefinition> view = declared.view(viewName);
            model.filter(pipeline -> view.isPresent() && !declared.mayBeOf(view.get(), pipeline.entity()))
                    .ifPresent(pipeline -> section.mistake(
                            "view",
                            viewName + " is of " + view.orElseThrow().entity(),
                            "name a view of " + pipeline.entity() + ", which model " + pipeline.model() + " is about"));
        }
        section.finish();
        return new InferencePipelineDefinition(named.name(), cadence, deploymentName, keys);
    }

    private Optional<TrainingPipelineDefinition> trainingOf(String model) {
        return training.stream()
                .filter(pipeline -> pipeline.model().equals(model))
                .findFirst();
    }
}
