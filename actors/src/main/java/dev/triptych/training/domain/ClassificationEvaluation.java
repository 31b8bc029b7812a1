package dev.triptych.training.domain;

import dev.triptych.definition.domain.Metric;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Metrics of a classification. With two outcomes the last of them ("true" of a bool) is the positive one; with more,
 * precision, recall, F1 and AUC are the unweighted means over the outcomes, each against all others.
 *
 * <p>Precision is 0 where the outcome was never predicted, recall where it never happened, F1 where both are 0.
 */
public final class ClassificationEvaluation {

    /** A probability is taken to lie in [ε, 1 − ε], so that one sure mistake does not make the log-loss infinite. */
    public static final double LOG_LOSS_EPSILON = 1e-15;

    private final List<String> outcomes;
    private final int[] actual;
    private final double[][] scores;
    private final int[] parts;
    private final long[][] confusion;

    private ClassificationEvaluation(List<String> outcomes, int[] actual, double[][] scores, int[] parts) {
        this.outcomes = outcomes;
        this.actual = actual;
        this.scores = scores;
        this.parts = parts;
        this.confusion = new long[outcomes.size()][outcomes.size()];
        for (int row = 0; row < actual.length; row++) {
            confusion[actual[row]][mostProbable(scores[row])]++;
        }
    }

    /**
     * @param outcomes sorted
     * @param actual an index of the outcomes for each row; at least one row
     * @param scores for each row one probability an outcome
     * @param parts for each row a number that it shares with those scored by the same fit
     */
    public static Evaluation evaluate(List<String> outcomes, int[] actual, double[][] scores, int[] parts) {
        if (actual.length == 0) {
            throw new IllegalArgumentException("rows: 0 (expected: at least 1)");
        }
        return new ClassificationEvaluation(outcomes, actual, scores, parts).evaluation();
    }

    /** The index of the greatest score, the first of equals. */
    public static int mostProbable(double[] scores) {
        int best = 0;
        for (int index = 1; index < scores.length; index++) {
            if (scores[index] > scores[best]) {
                best = index;
            }
        }
        return best;
    }

    private Evaluation evaluation() {
        var metrics = new HashMap<String, Double>();
        metrics.put(Metric.ACCURACY.label(), accuracy());
        metrics.put(Metric.LOG_LOSS.label(), logLoss());
        metrics.put(Metric.PRECISION.label(), mean(this::precision));
        metrics.put(Metric.RECALL.label(), mean(this::recall));
        metrics.put(Metric.F1.label(), mean(this::f1));
        meanAuc().ifPresent(auc -> metrics.put(Metric.AUC.label(), auc));
        return new Evaluation(metrics, confusionByName());
    }

    private double accuracy() {
        long right = 0;
        for (int outcome = 0; outcome < confusion.length; outcome++) {
            right += confusion[outcome][outcome];
        }
        return (double) right / actual.length;
    }

    /** −1/n Σ ln p(actual), p clipped to [ε, 1 − ε]; see {@link #LOG_LOSS_EPSILON}. */
    private double logLoss() {
        double sum = 0;
        for (int row = 0; row < actual.length; row++) {
            sum -= Math.log(Math.clamp(scores[row][actual[row]], LOG_LOSS_EPSILON, 1 - LOG_LOSS_EPSILON));
        }
        return sum / actual.length;
    }

    /** TP / (TP + FP). */
    private double precision(int outcome) {
        return ratio(
                confusion[outcome][outcome],
                Arrays.stream(confusion).mapToLong(row -> row[outcome]).sum());
    }

    /** TP / (TP + FN). */
    private double recall(int outcome) {
        return ratio(
                confusion[outcome][outcome], Arrays.stream(confusion[outcome]).sum());
    }

    /** 2 TP / (2 TP + FP + FN). */
    private double f1(int outcome) {
        double precision = precision(outcome);
        double recall = recall(outcome);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private interface PerOutcome {
        double of(int outcome);
    }

    private double mean(PerOutcome metric) {
        return positives().mapToDouble(metric::of).average().orElseThrow();
    }

    /**
     * The mean over the parts, since scores of different fits cannot be ranked against one another; all other metrics
     * are over all rows. G. Forman and M. Scholz, "Apples-to-apples in cross-validation studies", SIGKDD Explorations
     * 12 (2010). Over those parts where an outcome happened in some rows and not in others; elsewhere the area is not
     * defined.
     */
    private OptionalDouble meanAuc() {
        return Arrays.stream(parts)
                .distinct()
                .mapToObj(part -> IntStream.range(0, actual.length)
                        .filter(row -> parts[row] == part)
                        .toArray())
                .flatMapToDouble(rows ->
                        positives().mapToObj(outcome -> auc(outcome, rows)).flatMapToDouble(OptionalDouble::stream))
                .average();
    }

    /**
     * The probability that a row with the outcome is scored above one without, a tie counting half: the Mann–Whitney
     * statistic by mean ranks, (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋). J. A. Hanley and B. J. McNeil, "The meaning and use of
     * the area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982).
     */
    private OptionalDouble auc(int outcome, int[] rows) {
        int[] byScore = Arrays.stream(rows)
                .boxed()
                .sorted((left, right) -> Double.compare(scores[left][outcome], scores[right][outcome]))
                .mapToInt(Integer::intValue)
                .toArray();
        double rankSum = 0;
        long with = 0;
        for (int from = 0; from < byScore.length; ) {
            int to = from;
            long tiedWith = 0;
            while (to < byScore.length
                    && Double.compare(scores[byScore[to]][outcome], scores[byScore[from]][outcome]) == 0) {
                tiedWith += actual[byScore[to]] == outcome ? 1 : 0;
                to++;
            }
            double meanRank = (from + 1 + to) / 2.0;
            rankSum += meanRank * tiedWith;
            with += tiedWith;
            from = to;
        }
        long without = rows.length - with;
        return with == 0 || without == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((rankSum - with * (with + 1) / 2.0) / ((double) with * without));
    }

    private IntStream positives() {
        return outcomes.size() == 2 ? IntStream.of(1) : IntStream.range(0, outcomes.size());
    }

    private Map<String, Map<String, Long>> confusionByName() {
        var byActual = new LinkedHashMap<String, Map<String, Long>>();
        for (int row = 0; row < outcomes.size(); row++) {
            var byPredicted = new LinkedHashMap<String, Long>();
            for (int column = 0; column < outcomes.size(); column++) {
                byPredicted.put(outcomes.get(column), confusion[row][column]);
            }
            byActual.put(outcomes.get(row), byPredicted);
        }
        return byActual;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
