package dev.triptych.training;

import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is made of rows: what a k-fold evaluation measures. Kept in a version's provenance, so that a champion's
 * recipe can be tried again on today's rows.
 *
 * @param inputs what the model reads
 */
record Recipe(
        TrainerDefinition trainer,
        List<TransformationDefinition> transformations,
        List<FeatureRead> inputs,
        long seed) {

    private static final String SPLIT = "split";
    private static final String TRANSFORMATION = "transformation.";

    static Recipe of(TrainingPipelineDefinition pipeline) {
        return new Recipe(pipeline.trainer(), pipeline.transformations(), pipeline.features(), pipeline.seed());
    }

    /** As a version's provenance tells it, every default written out. */
    static Recipe of(ModelVersion version) {
        Provenance provenance = version.provenance();
        var parameters = new HashMap<String, String>();
        var transformations = new ArrayList<TransformationDefinition>();
        for (int number = 1; provenance.parameters().containsKey(TRANSFORMATION + number); number++) {
            transformations.add(transformation(provenance.parameters().getOrDefault(TRANSFORMATION + number, "")));
        }
        provenance.parameters().forEach((name, value) -> {
            if (!name.equals(SPLIT) && !name.startsWith(TRANSFORMATION)) {
                parameters.put(name, value);
            }
        });
        return new Recipe(
                new TrainerDefinition(provenance.trainer(), parameters),
                transformations,
                version.signature().inputs(),
                provenance.seed());
    }

    /** The same recipe with every parameter that was used written out. */
    Recipe with(Map<String, String> parametersUsed) {
        return new Recipe(new TrainerDefinition(trainer.kind(), parametersUsed), transformations, inputs, seed);
    }

    /** For the provenance: parameters, {@code transformation.<number>} from 1, and {@code split}. */
    Map<String, String> recorded(SplitDefinition split) {
        var recorded = new HashMap<>(trainer.parameters());
        for (int index = 0; index < transformations.size(); index++) {
            TransformationDefinition transformation = transformations.get(index);
            recorded.put(TRANSFORMATION + (index + 1), transformation.kind() + " " + transformation.input());
        }
        recorded.put(SPLIT, described(split));
        return recorded;
    }

    /** Whether a version was evaluated by this split of the very same rows. */
    static boolean evaluatedBy(SplitDefinition split, long seed, String datasetHash, ModelVersion version) {
        return version.provenance().datasetHash().equals(datasetHash)
                && version.provenance().seed() == seed
                && described(split).equals(version.provenance().parameters().get(SPLIT));
    }

    private static String described(SplitDefinition split) {
        String grouped = split.group().map(group -> " by " + group).orElse("");
        return switch (split) {
            case SplitDefinition.Hash(var fraction, var group) -> "hash " + fraction + grouped;
            case SplitDefinition.Time(var fraction) -> "time " + fraction;
            case SplitDefinition.KFold(var folds, var group) -> "k-fold " + folds + grouped;
        };
    }

    private static TransformationDefinition transformation(String recorded) {
        int space = recorded.indexOf(' ');
        return new TransformationDefinition(recorded.substring(space + 1), recorded.substring(0, space));
    }
}
