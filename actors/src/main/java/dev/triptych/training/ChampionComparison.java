package dev.triptych.training;

import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.Evaluation;
import dev.triptych.training.domain.UnusableDatasetException;
import dev.triptych.training.domain.Verdict;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares a candidate with the champion by the primary metric, over the same held-out rows.
 *
 * <ul>
 *   <li>With one held-out part (hash or time) the champion itself answers those rows. By hash it saw them no more than
 *       the candidate did, as long as split and seed are the same; where they changed, what it saw speaks for it.
 *   <li>With k folds there are no rows that the champion has not seen, since a version is fitted on all of them. What
 *       k-fold measures is a recipe, so recipes are compared. On the very same dataset and folds the champion's
 *       recorded metric is used. The same recipe on other rows has the same metric by definition, so fresher rows win.
 *       Another recipe is fitted again on the same folds, which doubles the time of the run.
 *   <li>A champion that foretells something else, or reads what this dataset does not hold, is not compared, and keeps
 *       its place.
 * </ul>
 */
final class ChampionComparison {

    private final TrainingPipelineDefinition pipeline;
    private final Dataset dataset;
    private final HeldOut heldOut;
    private final ModelTrainer trainer;
    private final Function<ModelVersion, Predictor> loader;

    /** @param loader loads a version's artifact */
    ChampionComparison(
            TrainingPipelineDefinition pipeline,
            Dataset dataset,
            HeldOut heldOut,
            ModelTrainer trainer,
            Function<ModelVersion, Predictor> loader) {
        this.pipeline = pipeline;
        this.dataset = dataset;
        this.heldOut = heldOut;
        this.trainer = trainer;
        this.loader = loader;
    }

    /**
     * @param recipe the candidate's, every parameter written out
     * @param evaluation the candidate's
     */
    Verdict verdict(Recipe recipe, Evaluation evaluation, ModelVersion champion) {
        Metric metric = Metric.ofLabel(pipeline.primaryMetric())
                .orElseThrow(() -> new UnusableDatasetException(
                        "primary metric: " + pipeline.primaryMetric() + " (expected: a metric of the task)"));
        @Nullable Double candidate = evaluation.metrics().get(metric.label());
        if (candidate == null) {
            return new Verdict(false, metric.label() + " is not defined for the held-out rows");
        }
        if (!heldOut.canRead(champion.signature())) {
            return new Verdict(
                    false,
                    "the champion, version " + champion.number()
                            + ", has other outcomes or reads other features and cannot be compared; promote by hand");
        }
        return switch (pipeline.split()) {
            case SplitDefinition.KFold folds -> ofRecipes(metric, recipe, candidate, champion);
            case SplitDefinition.Hash hash -> ofModels(metric, candidate, champion);
            case SplitDefinition.Time time -> ofModels(metric, candidate, champion);
        };
    }

    private Verdict ofModels(Metric metric, double candidate, ModelVersion champion) {
        Evaluation evaluation = heldOut.of(loader.apply(champion), champion.signature());
        return compared(metric, candidate, evaluation, "on the same held-out rows");
    }

    private Verdict ofRecipes(Metric metric, Recipe recipe, double candidate, ModelVersion champion) {
        Optional<Double> recorded = Optional.ofNullable(champion.metrics().get(metric.label()));
        if (recorded.isPresent() && Recipe.evaluatedBy(pipeline.split(), pipeline.seed(), dataset.hash(), champion)) {
            return Verdict.compared(metric, candidate, recorded.get(), "as recorded on the same dataset and folds");
        }
        Recipe other = Recipe.of(champion);
        if (other.equals(recipe)) {
            return new Verdict(
                    true, "the champion's own recipe, fitted on other rows than version " + champion.number());
        }
        Evaluation again = heldOut.rehearse(other, trainer, fold -> {}).evaluation();
        return compared(metric, candidate, again, "its recipe fitted again on the same folds");
    }

    private static Verdict compared(Metric metric, double candidate, Evaluation champion, String how) {
        @Nullable Double other = champion.metrics().get(metric.label());
        return other == null
                ? new Verdict(false, metric.label() + " of the champion is not defined for the held-out rows")
                : Verdict.compared(metric, candidate, other, how);
    }
}
