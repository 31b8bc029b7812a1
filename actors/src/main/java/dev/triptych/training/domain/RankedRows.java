package dev.triptych.training.domain;

import dev.triptych.store.models.domain.profile.EvaluationProfile.CalibrationBin;
import dev.triptych.store.models.domain.profile.EvaluationProfile.OutcomeCurves;
import dev.triptych.store.models.domain.profile.EvaluationProfile.PrecisionRecallPoint;
import dev.triptych.store.models.domain.profile.EvaluationProfile.RocPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows by their score for one outcome, and the curves that follow: with the definitions of scikit-learn's
 * {@code roc_curve}, {@code precision_recall_curve}, {@code average_precision_score} and {@code calibration_curve}. A
 * curve of more than {@value #POINTS_MAX} points is thinned, and keeps its ends; areas are of the whole curve.
 */
final class RankedRows {

    static final int POINTS_MAX = 200;
    static final int CALIBRATION_BINS = 10;

    private final double[] scores;
    private final boolean[] positive;
    private final long positives;

    /** For each distinct score, descending: how many rows score at least that, and how many of these are positive. */
    private final List<Threshold> thresholds = new ArrayList<>();

    private record Threshold(double score, long truePositives, long falsePositives) {}

    RankedRows(double[] scores, boolean[] positive) {
        this.scores = scores;
        this.positive = positive;
        int[] descending = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -scores[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        long right = 0;
        for (int i = 0; i < descending.length; i++) {
            right += positive[descending[i]] ? 1 : 0;
            double score = scores[descending[i]];
            if (i == descending.length - 1 || scores[descending[i + 1]] < score) {
                thresholds.add(new Threshold(score, right, i + 1 - right));
            }
        }
        this.positives = right;
    }

    OutcomeCurves curves(String outcome) {
        return new OutcomeCurves(
                outcome,
                positives,
                rocArea(),
                averagePrecision(),
                thinned(roc()),
                thinned(precisionRecall()),
                calibration());
    }

    private long negatives() {
        return scores.length - positives;
    }

    private List<RocPoint> roc() {
        var points = new ArrayList<RocPoint>();
        points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
        thresholds.forEach(threshold -> points.add(new RocPoint(
                threshold.score(),
                share(threshold.falsePositives(), negatives()),
                share(threshold.truePositives(), positives))));
        return points;
    }

    /** By trapezia; with ties that is the Mann–Whitney statistic. */
    private double rocArea() {
        double area = 0;
        double lastX = 0;
        double lastY = 0;
        for (Threshold threshold : thresholds) {
            double x = share(threshold.falsePositives(), negatives());
            double y = share(threshold.truePositives(), positives);
            area += (x - lastX) * (y + lastY) / 2;
            lastX = x;
            lastY = y;
        }
        return area;
    }

    private List<PrecisionRecallPoint> precisionRecall() {
        return thresholds.stream()
                .map(threshold -> new PrecisionRecallPoint(
                        threshold.score(), precision(threshold), share(threshold.truePositives(), positives)))
                .toList();
    }

    private double averagePrecision() {
        double sum = 0;
        double lastRecall = 0;
        for (Threshold threshold : thresholds) {
            double recall = share(threshold.truePositives(), positives);
            sum += (recall - lastRecall) * precision(threshold);
            lastRecall = recall;
        }
        return sum;
    }

    private static double precision(Threshold threshold) {
        return share(threshold.truePositives(), threshold.truePositives() + threshold.falsePositives());
    }

    private List<CalibrationBin> calibration() {
        var rows = new long[CALIBRATION_BINS];
        var right = new long[CALIBRATION_BINS];
        var sum = new double[CALIBRATION_BINS];
        for (int row = 0; row < scores.length; row++) {
            int bin = Math.clamp((long) Math.ceil(scores[row] * CALIBRATION_BINS) - 1, 0, CALIBRATION_BINS - 1);
            rows[bin]++;
            right[bin] += positive[row] ? 1 : 0;
            sum[bin] += scores[row];
        }
        return IntStream.range(0, CALIBRATION_BINS)
                .filter(bin -> rows[bin] > 0)
                .mapToObj(bin -> new CalibrationBin(
                        (double) bin / CALIBRATION_BINS,
                        (double) (bin + 1) / CALIBRATION_BINS,
                        rows[bin],
                        sum[bin] / rows[bin],
                        share(right[bin], rows[bin])))
                .toList();
    }

    private static <T> List<T> thinned(List<T> points) {
        if (points.size() <= POINTS_MAX) {
            return points;
        }
        return IntStream.range(0, POINTS_MAX)
                .mapToObj(i -> points.get((int) ((long) i * (points.size() - 1) / (POINTS_MAX - 1))))
                .toList();
    }

    /** 0 of nothing. */
    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
