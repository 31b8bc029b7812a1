package dev.triptych.training.domain;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.profile.EvaluationProfile;
import dev.triptych.store.models.domain.profile.EvaluationProfile.Classification;
import dev.triptych.store.models.domain.profile.EvaluationProfile.HistogramBin;
import dev.triptych.store.models.domain.profile.EvaluationProfile.OutcomeCurves;
import dev.triptych.store.models.domain.profile.EvaluationProfile.PredictedActual;
import dev.triptych.store.models.domain.profile.EvaluationProfile.Regression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How held-out rows were foretold, as curves and tables of a bounded size. */
public final class EvaluationCurves {

    /** Of more outcomes than two so many have curves, the most frequent ones. */
    static final int OUTCOMES_MAX = 10;

    static final int RESIDUAL_BINS = 40;
    static final int SAMPLE_MAX = 500;

    private EvaluationCurves() {}

    /**
     * @param labels at least one, each an outcome of the signature, or a number
     * @param scores for each of them one score an output of the signature
     */
    public static EvaluationProfile of(Signature signature, List<Value> labels, double[][] scores) {
        return switch (signature.task()) {
            case CLASSIFICATION ->
                classification(
                        signature.outputs(),
                        labels.stream()
                                .mapToInt(label -> signature.outputs().indexOf(Labels.outcome(label)))
                                .toArray(),
                        scores);
            case REGRESSION ->
                regression(
                        labels.stream().mapToDouble(Labels::number).toArray(),
                        Arrays.stream(scores).mapToDouble(score -> score[0]).toArray());
        };
    }

    /** @param actual an index of the outcomes for each row */
    static Classification classification(List<String> outcomes, int[] actual, double[][] scores) {
        var counts = new long[outcomes.size()];
        Arrays.stream(actual).forEach(outcome -> counts[outcome]++);
        IntStream shown = outcomes.size() == 2
                ? IntStream.of(1)
                : IntStream.range(0, outcomes.size())
                        .boxed()
                        .sorted(Comparator.comparingLong((Integer outcome) -> -counts[outcome]))
                        .limit(OUTCOMES_MAX)
                        .mapToInt(Integer::intValue)
                        .sorted();
        List<OutcomeCurves> curves = shown.mapToObj(outcome -> {
                    var positive = new boolean[actual.length];
                    var probability = new double[actual.length];
                    for (int row = 0; row < actual.length; row++) {
                        positive[row] = actual[row] == outcome;
                        probability[row] = scores[row][outcome];
                    }
                    return new RankedRows(probability, positive).curves(outcomes.get(outcome));
                })
                .toList();
        return new Classification(actual.length, curves);
    }

    /** @param actual at least one */
    static Regression regression(double[] actual, double[] predicted) {
        var residuals = new double[actual.length];
        Arrays.setAll(residuals, row -> predicted[row] - actual[row]);
        var sample = new ArrayList<PredictedActual>();
        int wanted = Math.min(SAMPLE_MAX, actual.length);
        for (int i = 0; i < wanted; i++) {
            int row = (int) ((long) i * actual.length / wanted);
            sample.add(new PredictedActual(predicted[row], actual[row]));
        }
        return new Regression(actual.length, histogram(residuals), sample);
    }

    private static List<HistogramBin> histogram(double[] values) {
        double least = Arrays.stream(values).min().orElse(0);
        double greatest = Arrays.stream(values).max().orElse(0);
        // Halves, as the difference of two great numbers can be infinite.
        double width = (greatest / 2 - least / 2) / RESIDUAL_BINS * 2;
        if (width <= 0) {
            return List.of(new HistogramBin(least, greatest, values.length));
        }
        var counts = new long[RESIDUAL_BINS];
        for (double value : values) {
            counts[Math.clamp((long) Math.floor((value - least) / width), 0, RESIDUAL_BINS - 1)]++;
        }
        var bins = new ArrayList<HistogramBin>();
        for (int bin = 0; bin < RESIDUAL_BINS; bin++) {
            double to = bin == RESIDUAL_BINS - 1 ? greatest : least + (bin + 1) * width;
            bins.add(new HistogramBin(least + bin * width, to, counts[bin]));
        }
        return bins;
    }
}
