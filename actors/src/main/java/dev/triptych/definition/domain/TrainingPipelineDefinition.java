package dev.triptych.definition.domain;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.models.domain.Task;
import java.util.List;

/**
 * Features and labels to model versions.
 *
 * @param name of the pipeline
 * @param model the model's name within the system
 * @param label the label, a feature of a view of the same entity; each of its rows is a row of the spine, read at its
 *     event time
 * @param features the model's inputs, in order
 * @param required inputs by name without which a prediction is refused
 * @param seed of split and trainer
 * @param primaryMetric decides champion against challenger, and is shown first
 * @param promotion when a registered version becomes champion by itself
 */
public record TrainingPipelineDefinition(
        String name,
        Cadence cadence,
        String model,
        String entity,
        Task task,
        FeatureRead label,
        List<FeatureRead> features,
        List<String> required,
        TrainerDefinition trainer,
        List<TransformationDefinition> transformations,
        SplitDefinition split,
        long seed,
        List<BaselineDefinition> baselines,
        List<GateDefinition> gates,
        String primaryMetric,
        Promotion promotion) {
    public TrainingPipelineDefinition {
        features = List.copyOf(features);
        required = List.copyOf(required);
        transformations = List.copyOf(transformations);
        baselines = List.copyOf(baselines);
        gates = List.copyOf(gates);
    }

    public enum Promotion {
        /** Only by command. */
        MANUAL,
        /** When the gates pass and it is no worse than the champion by the primary metric on the same dataset. */
        AUTOMATIC
    }
}
