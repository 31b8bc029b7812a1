package dev.triptych.training.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.store.models.domain.profile.EvaluationProfile.CalibrationBin;
import dev.triptych.store.models.domain.profile.EvaluationProfile.HistogramBin;
import dev.triptych.store.models.domain.profile.EvaluationProfile.OutcomeCurves;
import dev.triptych.store.models.domain.profile.EvaluationProfile.PredictedActual;
import dev.triptych.store.models.domain.profile.EvaluationProfile.Regression;
import dev.triptych.store.models.domain.profile.EvaluationProfile.RocPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Curves against tables computed by hand, those of scikit-learn's documentation among them, and by brute force. */
class EvaluationCurvesTest {

    /** The example of {@code roc_curve}, {@code precision_recall_curve} and {@code average_precision_score}. */
    private static final OutcomeCurves DOCUMENTED = curves(new double[] {0.1, 0.4, 0.35, 0.8}, new int[] {0, 0, 1, 1});

    @Test
    void theReceiverOperatingCharacteristicIsTheDocumentedOne() {
        assertThat(DOCUMENTED.roc())
                .containsExactly(
                        new RocPoint(Double.POSITIVE_INFINITY, 0, 0),
                        new RocPoint(0.8, 0, 0.5),
                        new RocPoint(0.4, 0.5, 0.5),
                        new RocPoint(0.35, 0.5, 1),
                        new RocPoint(0.1, 1, 1));
        assertThat(DOCUMENTED.rocArea()).isEqualTo(0.75, within(1e-12));
    }

    @Test
    void precisionAndRecallAreTheDocumentedOnes() {
        assertThat(DOCUMENTED.precisionRecall())
                .extracting(point -> point.threshold())
                .containsExactly(0.8, 0.4, 0.35, 0.1);
        assertThat(DOCUMENTED.precisionRecall().stream().map(point -> point.precision()))
                .containsExactly(1.0, 0.5, 2.0 / 3, 0.5);
        assertThat(DOCUMENTED.precisionRecall().stream().map(point -> point.recall()))
                .containsExactly(0.5, 0.5, 1.0, 1.0);
        assertThat(DOCUMENTED.averagePrecision()).isEqualTo(0.8333333333333333, within(1e-12));
    }

    /** The example of {@code calibration_curve}, in ten bins instead of three. */
    @Test
    void calibrationIsCountedInBinsClosedAtTheirUpperEnd() {
        OutcomeCurves curves = curves(
                new double[] {0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0}, new int[] {0, 0, 0, 0, 1, 1, 1, 1, 1});

        assertThat(curves.calibration())
                .contains(new CalibrationBin(0, 0.1, 1, 0.1, 0), new CalibrationBin(0.9, 1, 1, 1, 1))
                .contains(new CalibrationBin(0.6, 0.7, 2, 0.675, 1))
                .hasSize(8);
    }

    @Test
    void areasOfRandomRowsAreThoseOfBruteForce() {
        var random = new Random(5);
        for (int run = 0; run < 20; run++) {
            // Coarse scores, so that many are tied.
            double[] scores =
                    random.doubles(300).map(x -> Math.round(x * 25) / 25.0).toArray();
            int[] actual = Arrays.stream(scores)
                    .mapToInt(score -> random.nextDouble() < 0.2 + 0.6 * score ? 1 : 0)
                    .toArray();
            OutcomeCurves curves = curves(scores, actual);

            assertThat(curves.rocArea()).isEqualTo(probabilityOfRankingRight(scores, actual), within(1e-9));
            curves.roc().stream().skip(1).forEach(point -> {
                long positives = Arrays.stream(actual).sum();
                long caught = IntStream.range(0, 300)
                        .filter(row -> actual[row] == 1 && scores[row] >= point.threshold())
                        .count();
                assertThat(point.truePositiveRate()).isEqualTo((double) caught / positives, within(1e-12));
            });
        }
    }

    @Test
    void longCurvesAreThinnedAndKeepTheirEnds() {
        var random = new Random(7);
        double[] scores = random.doubles(5_000).toArray();
        int[] actual =
                Arrays.stream(scores).mapToInt(score -> score > 0.5 ? 1 : 0).toArray();
        OutcomeCurves curves = curves(scores, actual);

        assertThat(curves.roc()).hasSize(200);
        assertThat(curves.roc().getFirst()).isEqualTo(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
        assertThat(curves.roc().getLast().falsePositiveRate()).isEqualTo(1);
        assertThat(curves.precisionRecall()).hasSize(200);
        assertThat(curves.rocArea()).isEqualTo(1, within(1e-12));
    }

    @Test
    void ofManyOutcomesTheMostFrequentHaveCurves() {
        List<String> outcomes = IntStream.range(0, 12).mapToObj(i -> "o" + i).toList();
        int[] actual = IntStream.range(0, 12)
                .flatMap(i -> IntStream.generate(() -> i).limit(12 - i))
                .toArray();
        var scores = new double[actual.length][12];
        Arrays.stream(scores).forEach(row -> Arrays.fill(row, 1.0 / 12));

        assertThat(EvaluationCurves.classification(outcomes, actual, scores).outcomes())
                .extracting(OutcomeCurves::outcome)
                .containsExactly("o0", "o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9");
    }

    @Test
    void outcomesThatNeverHappenedMakeNoNumbersThatAreNone() {
        OutcomeCurves curves = curves(new double[] {0.5, 0.5}, new int[] {0, 0});

        assertThat(curves.positives()).isZero();
        assertThat(curves.rocArea()).isZero();
        assertThat(curves.averagePrecision()).isZero();
    }

    @Test
    void residualsAreCountedFromTheLeastToTheGreatest() {
        double[] actual = new double[41];
        double[] predicted = IntStream.rangeClosed(0, 40).mapToDouble(i -> i).toArray();
        Regression regression = EvaluationCurves.regression(actual, predicted);

        assertThat(regression.residuals()).hasSize(40);
        assertThat(regression.residuals().getFirst()).isEqualTo(new HistogramBin(0, 1, 1));
        assertThat(regression.residuals().getLast()).isEqualTo(new HistogramBin(39, 40, 2));
        assertThat(regression.sample()).hasSize(41).contains(new PredictedActual(40, 0));
    }

    @Test
    void residualsThatAreAllEqualAreOneBin() {
        assertThat(EvaluationCurves.regression(new double[] {1, 2}, new double[] {2, 3})
                        .residuals())
                .containsExactly(new HistogramBin(1, 1, 2));
    }

    @Test
    void ofManyRowsASampleIsShown() {
        assertThat(EvaluationCurves.regression(new double[10_000], new double[10_000])
                        .sample())
                .hasSize(500);
    }

    private static OutcomeCurves curves(double[] probability, int[] actual) {
        double[][] scores = Arrays.stream(probability)
                .mapToObj(positive -> new double[] {1 - positive, positive})
                .toArray(double[][]::new);
        return EvaluationCurves.classification(List.of("no", "yes"), actual, scores)
                .outcomes()
                .getFirst();
    }

    private static double probabilityOfRankingRight(double[] scores, int[] actual) {
        double right = 0;
        long pairs = 0;
        for (int with = 0; with < scores.length; with++) {
            for (int without = 0; without < scores.length; without++) {
                if (actual[with] == 1 && actual[without] == 0) {
                    pairs++;
                    right += scores[with] > scores[without] ? 1 : scores[with] == scores[without] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }
}
