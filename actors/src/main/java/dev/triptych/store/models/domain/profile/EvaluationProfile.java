package dev.triptych.store.models.domain.profile;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** How held-out rows were foretold, as what people look at: curves and tables of a bounded size. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EvaluationProfile.Classification.class, name = "classification"),
    @JsonSubTypes.Type(value = EvaluationProfile.Regression.class, name = "regression")
})
public sealed interface EvaluationProfile {

    /** Held-out rows, all folds together. */
    long rows();

    /** @param outcomes of two outcomes the last; of more the most frequent ones, each against all others */
    record Classification(long rows, List<OutcomeCurves> outcomes) implements EvaluationProfile {
        public Classification {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * @param positives rows that have the outcome
     * @param rocArea under the receiver operating characteristic of all folds together; scores of different folds are
     *     ranked against one another here, so it may be less than the metric {@code auc}. 0 where it is not defined
     * @param averagePrecision Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the thresholds, descending
     * @param roc from (0, 0) to (1, 1)
     * @param precisionRecall from the highest threshold down
     * @param calibration bins of equal width over the predicted probability, those without rows left out
     */
    record OutcomeCurves(
            String outcome,
            long positives,
            double rocArea,
            double averagePrecision,
            List<RocPoint> roc,
            List<PrecisionRecallPoint> precisionRecall,
            List<CalibrationBin> calibration) {
        public OutcomeCurves {
            roc = List.copyOf(roc);
            precisionRecall = List.copyOf(precisionRecall);
            calibration = List.copyOf(calibration);
        }
    }

    /** Rows scored at or above the threshold count as positive; the first threshold is infinite, no row's. */
    record RocPoint(double threshold, double falsePositiveRate, double truePositiveRate) {}

    record PrecisionRecallPoint(double threshold, double precision, double recall) {}

    /**
     * @param from exclusive, but for the first bin
     * @param to inclusive
     * @param meanPredicted of the rows in the bin
     * @param observed share of them that have the outcome
     */
    record CalibrationBin(double from, double to, long rows, double meanPredicted, double observed) {}

    /**
     * @param residuals of predicted − actual, bins of equal width from the least to the greatest
     * @param sample of the rows, spread evenly over them
     */
    record Regression(long rows, List<HistogramBin> residuals, List<PredictedActual> sample)
            implements EvaluationProfile {
        public Regression {
            residuals = List.copyOf(residuals);
            sample = List.copyOf(sample);
        }
    }

    /** @param to exclusive, but for the last bin */
    record HistogramBin(double from, double to, long rows) {}

    record PredictedActual(double predicted, double actual) {}
}
