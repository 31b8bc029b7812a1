package dev.triptych.training.domain;

import dev.triptych.definition.domain.Metric;
import java.util.HashMap;
import java.util.Map;

/** Metrics of a regression. */
public final class RegressionEvaluation {

    private RegressionEvaluation() {}

    /**
     * With residuals e = predicted − actual over n rows:
     *
     * <ul>
     *   <li>{@code mae} = Σ|e| / n
     *   <li>{@code rmse} = √(Σe² / n)
     *   <li>{@code mape} = mean of |e / actual| over the rows whose actual value is not zero, as a fraction (0.05 is
     *       five percent); left out if there is no such row
     *   <li>{@code r2} = 1 − Σe² / Σ(actual − mean)², the mean being that of these same rows, so that it can be
     *       negative; left out if all actual values are equal
     * </ul>
     *
     * @param actual at least one
     * @param predicted one a row
     */
    public static Evaluation evaluate(double[] actual, double[] predicted) {
        if (actual.length == 0) {
            throw new IllegalArgumentException("rows: 0 (expected: at least 1)");
        }
        double mean = mean(actual);
        double absolute = 0;
        double squared = 0;
        double relative = 0;
        double total = 0;
        int notZero = 0;
        for (int row = 0; row < actual.length; row++) {
            double residual = predicted[row] - actual[row];
            absolute += Math.abs(residual);
            squared += residual * residual;
            total += (actual[row] - mean) * (actual[row] - mean);
            if (actual[row] != 0) {
                relative += Math.abs(residual / actual[row]);
                notZero++;
            }
        }
        var metrics = new HashMap<String, Double>();
        metrics.put(Metric.MAE.label(), absolute / actual.length);
        metrics.put(Metric.RMSE.label(), Math.sqrt(squared / actual.length));
        if (notZero > 0) {
            metrics.put(Metric.MAPE.label(), relative / notZero);
        }
        if (total > 0) {
            metrics.put(Metric.R2.label(), 1 - squared / total);
        }
        return new Evaluation(metrics, Map.of());
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
