package dev.triptych.store.models.domain.profile;

import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.util.List;

/**
 * Counts what a version gives: of two outcomes the probability of the last ("true" of a bool), of more the most probable
 * one, of a regression the number. For one thread.
 */
public final class OutputTally {

    private final Signature signature;
    private final ColumnTally.OfNumbers numbers = new ColumnTally.OfNumbers();
    private final ColumnTally.OfCategories categories = new ColumnTally.OfCategories();

    public OutputTally(Signature signature) {
        this.signature = signature;
    }

    /** @param scores one an output of the signature */
    public void add(List<Double> scores) {
        if (isNumber()) {
            numbers.add(scores.getLast());
        } else {
            categories.add(signature.output(scores));
        }
    }

    /** @param scores one an output of the signature */
    public void add(double[] scores) {
        add(java.util.Arrays.stream(scores).boxed().toList());
    }

    public ColumnProfile profile() {
        return isNumber() ? numbers.profile() : categories.profile();
    }

    private boolean isNumber() {
        return signature.task() == Task.REGRESSION || signature.outputs().size() == 2;
    }
}
