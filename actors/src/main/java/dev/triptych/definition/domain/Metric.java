package dev.triptych.definition.domain;

import dev.triptych.store.models.domain.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an evaluation measures, and which direction is better. */
public enum Metric {
    /** Share of rows whose most probable outcome is the actual one. */
    ACCURACY("accuracy", Task.CLASSIFICATION, true),
    /** Area under the receiver operating characteristic. */
    AUC("auc", Task.CLASSIFICATION, true),
    /** Mean negative natural logarithm of the actual outcome's probability. */
    LOG_LOSS("log-loss", Task.CLASSIFICATION, false),
    PRECISION("precision", Task.CLASSIFICATION, true),
    RECALL("recall", Task.CLASSIFICATION, true),
    /** Harmonic mean of precision and recall. */
    F1("f1", Task.CLASSIFICATION, true),
    /** Mean absolute error, in the label's unit. */
    MAE("mae", Task.REGRESSION, false),
    /** Root of the mean squared error, in the label's unit. */
    RMSE("rmse", Task.REGRESSION, false),
    /** Mean absolute error as a fraction of the actual value. */
    MAPE("mape", Task.REGRESSION, false),
    /** Share of the label's variance that is explained. */
    R2("r2", Task.REGRESSION, true);

    private final String label;
    private final Task task;
    private final boolean higherIsBetter;

    Metric(String label, Task task, boolean higherIsBetter) {
        this.label = label;
        this.task = task;
        this.higherIsBetter = higherIsBetter;
    }

    /** The name definitions, versions and clients use. */
    public String label() {
        return label;
    }

    public Task task() {
        return task;
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
