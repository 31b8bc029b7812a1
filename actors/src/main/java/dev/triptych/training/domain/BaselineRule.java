package dev.triptych.training.domain;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A trivial rule, fitted on the same rows as the model it is shown beside: how often each outcome happened (or the
 * mean of the label) among all rows, or among the rows with the same value of one input. A value that was not among
 * the training rows is answered as if no input were looked at.
 */
public final class BaselineRule {

    private final OptionalInt input;
    private final double[] overall;
    private final Map<Value, double[]> byValue;

    private BaselineRule(OptionalInt input, double[] overall, Map<Value, double[]> byValue) {
        this.input = input;
        this.overall = overall;
        this.byValue = byValue;
    }

    /** The declared baselines; before them the majority (or the mean) of all, unless it is among them. */
    public static List<BaselineDefinition> shown(List<BaselineDefinition> declared, Signature signature) {
        if (declared.stream().anyMatch(baseline -> baseline.input().isEmpty())) {
            return declared;
        }
        var shown = new ArrayList<BaselineDefinition>();
        shown.add(new BaselineDefinition(
                switch (signature.task()) {
                    case CLASSIFICATION -> "majority";
                    case REGRESSION -> "mean";
                },
                Optional.empty()));
        shown.addAll(declared);
        return shown;
    }

    /** @param rows of the dataset to fit on, at least one */
    public static BaselineRule fit(BaselineDefinition baseline, Signature signature, Dataset dataset, int[] rows) {
        OptionalInt input = baseline.input().isEmpty()
                ? OptionalInt.empty()
                : dataset.schema().indexOf(baseline.input().get());
        var overall = new Tally(signature);
        var byValue = new HashMap<Value, Tally>();
        for (int row : rows) {
            Value label = dataset.label(row);
            overall.add(label);
            input.ifPresent(index -> byValue.computeIfAbsent(
                            dataset.rows().get(row).values().get(index), value -> new Tally(signature))
                    .add(label));
        }
        var means = new HashMap<Value, double[]>();
        byValue.forEach((value, tally) -> means.put(value, tally.mean()));
        return new BaselineRule(input, overall.mean(), means);
    }

    /** One score an output of the signature, as a model gives them. */
    public double[] score(DatasetRow row) {
        return input.isEmpty() ? overall : byValue.getOrDefault(row.values().get(input.getAsInt()), overall);
    }

    /** Sums of the label, or of each outcome's indicator. */
    private static final class Tally {
        private final Signature signature;
        private final double[] sums;
        private long rows;

        Tally(Signature signature) {
            this.signature = signature;
            this.sums = new double[signature.outputs().size()];
        }

        void add(Value label) {
            switch (signature.task()) {
                case CLASSIFICATION -> sums[signature.outputs().indexOf(Labels.outcome(label))]++;
                case REGRESSION -> sums[0] += Labels.number(label);
            }
            rows++;
        }

        double[] mean() {
            return Arrays.stream(sums).map(sum -> sum / rows).toArray();
        }
    }
}
