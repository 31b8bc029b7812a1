package dev.triptych.training;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.FeatureImportance;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.ColumnTally;
import dev.triptych.store.models.domain.profile.OutputTally;
import dev.triptych.store.models.domain.profile.VersionProfile;
import dev.triptych.training.ModelTrainer.Fitted;
import dev.triptych.training.ModelTrainer.UntrainableException;
import dev.triptych.training.domain.BaselineRule;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.Evaluation;
import dev.triptych.training.domain.EvaluationCurves;
import dev.triptych.training.domain.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Scores held-out rows, each by a model or rule that did not see it: for every part of the split one is fitted on the
 * other rows. {@link Evaluation} is over all held-out rows together.
 */
final class HeldOut {

    /** Rows whose scores by the version itself are profiled; fewer where a row takes milliseconds. */
    private static final int FITTED_MAX = 10_000;

    private static final int FITTED_SLOWLY_MAX = 500;

    private final Dataset dataset;
    private final Signature signature;
    private final Split split;

    HeldOut(Dataset dataset, Signature signature, Split split) {
        this.dataset = dataset;
        this.signature = signature;
        this.split = split;
    }

    /**
     * @param heldOut what was evaluated
     * @param last the model fitted on the last part's training rows
     */
    record Rehearsed(Scored heldOut, Evaluation evaluation, Fitted last) {}

    /**
     * Held-out rows with the scores of a model that did not see them.
     *
     * @param rows of the dataset
     * @param scores for each of the rows one an output of the signature
     * @param parts for each of the rows the part of the split it was held out in
     */
    record Scored(int[] rows, double[][] scores, int[] parts) {}

    /** How often {@link #rehearse} fits. */
    int fits() {
        return split.parts();
    }

    /** @param fitted told after each fit how many are done */
    Rehearsed rehearse(Recipe recipe, ModelTrainer trainer, IntConsumer fitted) {
        var models = new Fitted[split.parts()];
        Signature own = new Signature(
                signature.entity(), recipe.inputs(), signature.task(), signature.label(), signature.outputs());
        int[] columns = columns(recipe.inputs());
        Scored scored = scored(part -> {
            models[part] = fit(recipe, trainer, own, columns, split.training(part));
            fitted.accept(part + 1);
            Predictor predictor = models[part].predictor();
            return row -> finite(predictor.predict(inputs(row, columns)));
        });
        return new Rehearsed(scored, evaluation(scored), models[models.length - 1]);
    }

    /** Fits on every row, the held-out ones included. */
    Fitted fitOnAll(Recipe recipe, ModelTrainer trainer) {
        return fit(recipe, trainer, signature, columns(recipe.inputs()), allRows());
    }

    /** How much each input counts in a model that was fitted on all rows. */
    Optional<FeatureImportance> importanceOnAll(Predictor predictor, long seed) {
        return importance(predictor, allRows(), seed);
    }

    /** How much each input counts in the model that was fitted last. */
    Optional<FeatureImportance> importanceOnLast(Predictor predictor, long seed) {
        return importance(predictor, split.training(split.parts() - 1), seed);
    }

    /**
     * What live data is compared with.
     *
     * @param version the version's own predictor
     * @param onAll whether the version was fitted on all rows, or on those of the last part
     */
    VersionProfile profile(Scored scored, Predictor version, boolean onAll) {
        int[] rows = onAll ? allRows() : split.training(split.parts() - 1);
        int[] columns = columns(signature.inputs());
        var inputs = new ArrayList<ColumnProfile>();
        for (int input = 0; input < columns.length; input++) {
            ColumnTally tally = ColumnTally.of(signature.inputs().get(input).type());
            for (int row : rows) {
                tally.add(dataset.rows().get(row).values().get(columns[input]));
            }
            inputs.add(tally.profile());
        }
        var output = new OutputTally(signature);
        Arrays.stream(scored.scores()).forEach(output::add);
        var fitted = new OutputTally(signature);
        if (onAll) {
            int shown = Math.min(rows.length, version.evaluatedBy().flat() ? FITTED_MAX : FITTED_SLOWLY_MAX);
            IntStream.range(0, shown)
                    .map(i -> rows[(int) ((long) i * rows.length / shown)])
                    .forEach(row -> fitted.add(version.predict(inputs(row, columns))));
        }
        List<Value> labels =
                Arrays.stream(scored.rows()).mapToObj(dataset::label).toList();
        return new VersionProfile(
                inputs,
                output.profile(),
                onAll ? fitted.profile() : null,
                EvaluationCurves.of(signature, labels, scored.scores()));
    }

    private Optional<FeatureImportance> importance(Predictor predictor, int[] rows, long seed) {
        int[] columns = columns(signature.inputs());
        return ImportanceSample.measure(predictor, rows, row -> inputs(row, columns), seed);
    }

    private int[] allRows() {
        int[] all = new int[dataset.size()];
        Arrays.setAll(all, row -> row);
        return all;
    }

    Evaluation baseline(BaselineDefinition baseline) {
        return evaluation(scored(part -> {
            BaselineRule rule = BaselineRule.fit(baseline, signature, dataset, split.training(part));
            return row -> rule.score(dataset.rows().get(row));
        }));
    }

    /** @param version's own inputs, all of which {@link #canRead} */
    Evaluation of(Predictor predictor, Signature version) {
        int[] columns = columns(version.inputs());
        return evaluation(scored(part -> row -> finite(predictor.predict(inputs(row, columns)))));
    }

    /** Whether a model of this signature foretells the same from what the dataset holds. */
    boolean canRead(Signature other) {
        return other.task() == signature.task()
                && other.label().equals(signature.label())
                && other.outputs().equals(signature.outputs())
                && dataset.schema().reads().containsAll(other.inputs());
    }

    private Scored scored(IntFunction<Function<Integer, double[]>> scorerOfPart) {
        var heldOut = new int[split.parts()][];
        var scores = new double[dataset.size()][];
        var parts = new int[dataset.size()];
        for (int part = 0; part < split.parts(); part++) {
            heldOut[part] = split.heldOut(part);
            Function<Integer, double[]> scorer = scorerOfPart.apply(part);
            for (int row : heldOut[part]) {
                scores[row] = scorer.apply(row);
                parts[row] = part;
            }
        }
        int[] rows =
                Arrays.stream(heldOut).flatMapToInt(Arrays::stream).sorted().toArray();
        return new Scored(
                rows,
                Arrays.stream(rows).mapToObj(row -> scores[row]).toArray(double[][]::new),
                Arrays.stream(rows).map(row -> parts[row]).toArray());
    }

    private Evaluation evaluation(Scored scored) {
        return Evaluation.of(signature, dataset, scored.rows(), scored.scores(), scored.parts());
    }

    private Fitted fit(Recipe recipe, ModelTrainer trainer, Signature own, int[] columns, int[] rows) {
        return trainer.fit(
                recipe.trainer(),
                recipe.transformations(),
                own,
                Arrays.stream(rows).mapToObj(row -> inputs(row, columns)).toList(),
                Arrays.stream(rows).mapToObj(dataset::label).toList(),
                recipe.seed());
    }

    private int[] columns(List<dev.triptych.store.features.domain.FeatureRead> inputs) {
        return inputs.stream().mapToInt(dataset.schema().reads()::indexOf).toArray();
    }

    private List<Value> inputs(int row, int[] columns) {
        List<Value> values = dataset.rows().get(row).values();
        return Arrays.stream(columns).mapToObj(values::get).toList();
    }

    private static double[] finite(double[] scores) {
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw new UntrainableException("the model's scores: " + Arrays.toString(scores)
                        + " (expected: finite; a lower learning-rate, or standardise for inputs of great range)");
            }
        }
        return scores;
    }
}
