package dev.triptych.training.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Metrics against tables worked out by hand, published examples, and definitions counted out. */
class EvaluationTest {

    private static final Offset<Double> EXACT = within(1e-12);
    private static final List<String> NO_YES = List.of("false", "true");

    /** The example in the documentation of scikit-learn's roc_auc_score and log_loss. */
    @Test
    void agreesWithPublishedExamplesOfAClassification() {
        Map<String, Double> auc =
                binary(new int[] {0, 0, 1, 1}, 0.1, 0.4, 0.35, 0.8).metrics();
        Map<String, Double> spam =
                binary(new int[] {1, 0, 0, 1}, 0.9, 0.1, 0.2, 0.65).metrics();

        assertThat(auc.get("auc")).isCloseTo(0.75, EXACT);
        assertThat(spam.get("log-loss")).isCloseTo(0.21616187468057912, EXACT);
    }

    /** The example in the documentation of scikit-learn's regression metrics. */
    @Test
    void agreesWithPublishedExamplesOfARegression() {
        Map<String, Double> metrics = RegressionEvaluation.evaluate(
                        new double[] {3, -0.5, 2, 7}, new double[] {2.5, 0, 2, 8})
                .metrics();

        assertThat(metrics.get("mae")).isCloseTo(0.5, EXACT);
        assertThat(metrics.get("rmse")).isCloseTo(Math.sqrt(0.375), EXACT);
        assertThat(metrics.get("mape")).isCloseTo(0.32738095238095233, EXACT);
        assertThat(metrics.get("r2")).isCloseTo(0.9486081370449679, EXACT);
    }

    /** By hand: 3 right yeses, 1 wrong yes, 2 missed yeses, 4 right noes. */
    @Test
    void countsABinaryTableByHand() {
        Evaluation evaluation =
                binary(new int[] {1, 1, 1, 1, 1, 0, 0, 0, 0, 0}, 0.9, 0.8, 0.7, 0.4, 0.2, 0.6, 0.3, 0.3, 0.2, 0.1);

        assertThat(evaluation.confusion())
                .isEqualTo(Map.of("true", Map.of("true", 3L, "false", 2L), "false", Map.of("true", 1L, "false", 4L)));
        assertThat(evaluation.metrics().get("accuracy")).isCloseTo(0.7, EXACT);
        assertThat(evaluation.metrics().get("precision")).isCloseTo(3 / 4.0, EXACT);
        assertThat(evaluation.metrics().get("recall")).isCloseTo(3 / 5.0, EXACT);
        assertThat(evaluation.metrics().get("f1")).isCloseTo(2 * 3 / 9.0, EXACT);
    }

    /** By hand: of a, b, c the precisions are 1/2, 1, 1/2, the recalls 1, 1/2, 1/2. */
    @Test
    void averagesOverMoreThanTwoOutcomes() {
        double[][] scores = {one(0), one(0), one(1), one(2), one(2)};

        Evaluation evaluation = ClassificationEvaluation.evaluate(
                List.of("a", "b", "c"), new int[] {0, 1, 1, 2, 0}, scores, new int[5]);

        assertThat(evaluation.confusion().get("a")).isEqualTo(Map.of("a", 1L, "b", 0L, "c", 1L));
        assertThat(evaluation.metrics().get("accuracy")).isCloseTo(3 / 5.0, EXACT);
        assertThat(evaluation.metrics().get("precision")).isCloseTo((1 / 2.0 + 1 + 1 / 2.0) / 3, EXACT);
        assertThat(evaluation.metrics().get("recall")).isCloseTo((1 / 2.0 + 1 / 2.0 + 1) / 3, EXACT);
        // Pairs in order, ties counting half: of a 3.5 of 6, of b 4.5 of 6, of c 3.5 of 4.
        assertThat(evaluation.metrics().get("auc")).isCloseTo((3.5 / 6 + 4.5 / 6 + 3.5 / 4) / 3, EXACT);
    }

    @Property(tries = 300)
    void areaUnderTheCurveIsTheShareOfPairsInTheRightOrder(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(max = 9) Integer> draws) {
        // Few different scores make many ties; the lowest bit of a draw is its outcome.
        int[] actual = draws.stream().mapToInt(draw -> draw % 2).toArray();
        double[] scores =
                draws.stream().mapToDouble(draw -> (draw * 7 % 5) / 5.0).toArray();
        Assume.that(Arrays.stream(actual).distinct().count() == 2);

        assertThat(binary(actual, scores).metrics().get("auc")).isCloseTo(pairsInOrder(actual, scores), EXACT);
    }

    /** Within each part every pair is in order, or tied; across them none is comparable. */
    @Test
    void ranksOnlyRowsOfTheSameFit() {
        int[] parts = {0, 0, 1, 1, 2, 2, 3};
        int[] actual = {0, 1, 0, 1, 0, 1, 1};

        assertThat(binary(parts, actual, 0.8, 0.9, 0.1, 0.2, 0.5, 0.5, 0.0)
                        .metrics()
                        .get("auc"))
                .isCloseTo((1 + 1 + 0.5) / 3, EXACT);
    }

    @Test
    void leavesOutWhatIsNotDefined() {
        assertThat(binary(new int[] {1, 1}, 0.9, 0.1).metrics()).doesNotContainKey("auc");
        assertThat(RegressionEvaluation.evaluate(new double[] {0, 0}, new double[] {1, 2})
                        .metrics())
                .containsOnlyKeys("mae", "rmse");
    }

    @Test
    void skipsActualZerosInTheRelativeError() {
        assertThat(RegressionEvaluation.evaluate(new double[] {0, 2, 4}, new double[] {9, 1, 5})
                        .metrics()
                        .get("mape"))
                .isCloseTo((0.5 + 0.25) / 2, EXACT);
    }

    @Test
    void boundsTheLossOfASureMistake() {
        assertThat(binary(new int[] {1}, 0.0).metrics().get("log-loss")).isCloseTo(-Math.log(1e-15), EXACT);
    }

    private static double pairsInOrder(int[] actual, double[] scores) {
        double right = 0;
        int pairs = 0;
        for (int with = 0; with < actual.length; with++) {
            for (int without = 0; without < actual.length; without++) {
                if (actual[with] == 1 && actual[without] == 0) {
                    pairs++;
                    right += scores[with] > scores[without] ? 1 : scores[with] == scores[without] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }

    private static Evaluation binary(int[] actual, double... probabilities) {
        return binary(new int[actual.length], actual, probabilities);
    }

    private static Evaluation binary(int[] parts, int[] actual, double... probabilities) {
        return ClassificationEvaluation.evaluate(
                NO_YES,
                actual,
                Arrays.stream(probabilities)
                        .mapToObj(yes -> new double[] {1 - yes, yes})
                        .toArray(double[][]::new),
                parts);
    }

    private static double[] one(int outcome) {
        var scores = new double[3];
        scores[outcome] = 1;
        return scores;
    }
}
