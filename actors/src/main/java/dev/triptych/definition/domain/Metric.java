package dev.triptych.definition.domain;

import dev.triptych.store.models.domain.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an evaluation measures, and which direction is better. */
public enum Metric {
    /** Share of rows whose most probable outcome is the actual one. */
    ACCURACY("accuracy", Task.CLASSIFICATION, true, 0, 1),
    /** Area under the receiver operating characteristic. */
    AUC("auc", Task.CLASSIFICATION, true, 0, 1),
    /** Mean negative natural logarithm of the actual outcome's probability. */
    LOG_LOSS("log-loss", Task.CLASSIFICATION, false, 0, Double.POSITIVE_INFINITY),
    PRECISION("precision", Task.CLASSIFICATION, true, 0, 1),
    RECALL("recall", Task.CLASSIFICATION, true, 0, 1),
    /** Harmonic mean of precision and recall. */
    F1("f1", Task.CLASSIFICATION, true, 0, 1),
    /** Mean absolute error, in the label's unit. */
    MAE("mae", Task.REGRESSION, false, 0, Double.POSITIVE_INFINITY),
    /** Root of the mean squared error, in the label's unit. */
    RMSE("rmse", Task.REGRESSION, false, 0, Double.POSITIVE_INFINITY),
    /** Mean absolute error as a fraction of the actual value. */
    MAPE("mape", Task.REGRESSION, false, 0, Double.POSITIVE_INFINITY),
    /** Share of the label's variance that is explained. */
    R2("r2", Task.REGRESSION, true, Double.NEGATIVE_INFINITY, 1);

    private final String label;
    private final Task task;
    private final boolean higherIsBetter;
    private final double lowest;
    private final double highest;

    Metric(String label, Task task, boolean higherIsBetter, double lowest, double highest) {
        this.label = label;
        this.task = task;
        this.higherIsBetter = higherIsBetter;
        this.lowest = lowest;
        this.highest = highest;
    }

    /** The name definitions, versions and clients use. */
    public String label() {
        return label;
    }

    public Task task() {
        return task;
    }

    /** Whether an evaluation can come to this value at all. */
    public boolean canBe(double value) {
        return value >= lowest && value <= highest;
    }

    /** The values it can have, for people. */
    public String range() {
        if (highest == Double.POSITIVE_INFINITY) {
            return "a number from " + (long) lowest + " up";
        }
        return lowest == Double.NEGATIVE_INFINITY
                ? "a number up to " + (long) highest
                : "a number from " + (long) lowest + " to " + (long) highest;
    }

    /** False for not-a-number on either side. */
    public boolean isNoWorse(double candidate, double than) {
        return higherIsBetter ? candidate >= than : candidate <= than;
    }

    public static List<Metric> of(Task task) {
        return Arrays.stream(values()).filter(metric -> metric.task == task).toList();
    }

    public static Optional<Metric> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(metric -> metric.label.equals(label))
                .findFirst();
    }
}
