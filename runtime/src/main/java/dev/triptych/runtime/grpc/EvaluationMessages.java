package dev.triptych.runtime.grpc;

import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.EvaluationProfile;
import dev.triptych.store.models.domain.profile.VersionProfile;
import dev.triptych.v1.CalibrationBin;
import dev.triptych.v1.CategoryProfile;
import dev.triptych.v1.ConfusionCell;
import dev.triptych.v1.Evaluation;
import dev.triptych.v1.HistogramBin;
import dev.triptych.v1.NumberProfile;
import dev.triptych.v1.OutcomeCurves;
import dev.triptych.v1.PrecisionRecallPoint;
import dev.triptych.v1.PredictedActual;
import dev.triptych.v1.RocPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A version's profile on the wire. */
final class EvaluationMessages {

    private static final int PERCENTILE_STEP = 5;

    private EvaluationMessages() {}

    static Evaluation wire(String system, String model, ModelVersion version, VersionProfile profile) {
        var wire = Evaluation.newBuilder()
                .setSystem(system)
                .setModel(model)
                .setVersion(version.number())
                .setTask(version.signature().task().name().toLowerCase(Locale.ROOT))
                .setRows(profile.evaluation().rows())
                .putAllMetrics(version.metrics())
                .addAllConfusion(confusion(version.confusion()))
                .setOutput(wire("output", profile.output()));
        for (int input = 0; input < profile.inputs().size(); input++) {
            wire.addInputs(wire(
                    version.signature().inputs().get(input).name(),
                    profile.inputs().get(input)));
        }
        switch (profile.evaluation()) {
            case EvaluationProfile.Classification(long rows, var outcomes) ->
                outcomes.forEach(outcome -> wire.addOutcomes(wire(outcome)));
            case EvaluationProfile.Regression(long rows, var residuals, var sample) -> {
                residuals.forEach(bin -> wire.addResiduals(HistogramBin.newBuilder()
                        .setFrom(bin.from())
                        .setTo(bin.to())
                        .setRows(bin.rows())));
                sample.forEach(row -> wire.addSample(PredictedActual.newBuilder()
                        .setPredicted(row.predicted())
                        .setActual(row.actual())));
            }
        }
        return wire.build();
    }

    static List<ConfusionCell> confusion(Map<String, Map<String, Long>> counts) {
        var cells = new ArrayList<ConfusionCell>();
        counts.forEach((actual, row) -> row.forEach((predicted, count) -> cells.add(ConfusionCell.newBuilder()
                .setActual(actual)
                .setPredicted(predicted)
                .setCount(count)
                .build())));
        return cells;
    }

    private static OutcomeCurves wire(EvaluationProfile.OutcomeCurves curves) {
        var wire = OutcomeCurves.newBuilder()
                .setOutcome(curves.outcome())
                .setPositives(curves.positives())
                .setRocArea(curves.rocArea())
                .setAveragePrecision(curves.averagePrecision());
        curves.roc()
                .forEach(point -> wire.addRoc(RocPoint.newBuilder()
                        .setThreshold(point.threshold())
                        .setFalsePositiveRate(point.falsePositiveRate())
                        .setTruePositiveRate(point.truePositiveRate())));
        curves.precisionRecall()
                .forEach(point -> wire.addPrecisionRecall(PrecisionRecallPoint.newBuilder()
                        .setThreshold(point.threshold())
                        .setPrecision(point.precision())
                        .setRecall(point.recall())));
        curves.calibration()
                .forEach(bin -> wire.addCalibration(CalibrationBin.newBuilder()
                        .setFrom(bin.from())
                        .setTo(bin.to())
                        .setRows(bin.rows())
                        .setMeanPredicted(bin.meanPredicted())
                        .setObserved(bin.observed())));
        return wire.build();
    }

    static dev.triptych.v1.ColumnProfile wire(String feature, ColumnProfile profile) {
        var wire = dev.triptych.v1.ColumnProfile.newBuilder()
                .setFeature(feature)
                .setRows(profile.rows())
                .setMissing(profile.missing());
        switch (profile) {
            case ColumnProfile.Numbers numbers -> wire.setNumbers(numbers(numbers));
            case ColumnProfile.Categories categories -> {
                var listed = CategoryProfile.newBuilder().setOthers(categories.others());
                categories
                        .counts()
                        .forEach((name, rows) -> listed.addCategories(CategoryProfile.Category.newBuilder()
                                .setName(name)
                                .setRows(rows)));
                wire.setCategories(listed);
            }
        }
        return wire.build();
    }

    private static NumberProfile numbers(ColumnProfile.Numbers numbers) {
        var wire = NumberProfile.newBuilder();
        if (numbers.present() > 0) {
            wire.setMin(numbers.values().getFirst())
                    .setMean(numbers.mean())
                    .setMax(numbers.values().getLast());
            for (int percent = PERCENTILE_STEP; percent < 100; percent += PERCENTILE_STEP) {
                wire.addPercentiles(numbers.quantile(percent / 100.0));
            }
        }
        return wire.build();
    }
}
