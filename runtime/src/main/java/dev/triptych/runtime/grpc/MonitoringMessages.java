package dev.triptych.runtime.grpc;

import com.google.protobuf.Duration;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.AnswerTimes;
import dev.triptych.kernel.Micros;
import dev.triptych.monitoring.DriftReport;
import dev.triptych.monitoring.FreshnessReport;
import dev.triptych.monitoring.PredictionRecords;
import dev.triptych.monitoring.QualityReport;
import dev.triptych.monitoring.domain.Alert;
import dev.triptych.monitoring.domain.Drift;
import dev.triptych.v1.ColumnDrift;
import dev.triptych.v1.DriftBin;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.JudgedAnswer;
import dev.triptych.v1.Notification;
import dev.triptych.v1.QualityResponse;
import dev.triptych.v1.QualityStep;
import dev.triptych.v1.TrafficStep;
import dev.triptych.v1.ViewFreshness;
import java.util.Locale;

/** What is measured, on the wire. */
final class MonitoringMessages {

    private MonitoringMessages() {}

    static QualityResponse wire(SystemDefinition system, String deployment, QualityReport report) {
        var wire = QualityResponse.newBuilder()
                .setSystem(system.name())
                .setDeployment(deployment)
                .setVersion(report.version())
                .setBatch(report.batch())
                .setSince(Translation.timestamp(report.fromMicros()))
                .setUntil(Translation.timestamp(report.untilMicros()))
                .setStep(duration(report.stepMicros()))
                .setPredictions(report.predictions())
                .setSampled(report.sampled())
                .setWhole(wire(report.whole()));
        report.signature()
                .ifPresent(signature -> wire.setTask(signature.task().name().toLowerCase(Locale.ROOT))
                        .addAllOutputs(signature.outputs()));
        report.steps().forEach(step -> wire.addSteps(wire(step)));
        report.points()
                .forEach(point -> wire.addPoints(JudgedAnswer.newBuilder()
                        .setId(point.id())
                        .setPredictedAt(Translation.timestamp(point.predictedMicros()))
                        .setPredicted(point.predicted())
                        .setOutput(point.output())
                        .setOutcome(point.outcome())));
        system.monitoring().quality().forEach((metric, bound) -> {
            if (report.signature()
                    .filter(known -> known.task() == metric.task())
                    .isPresent()) {
                wire.putBounds(metric.label(), bound);
            }
        });
        return wire.build();
    }

    private static QualityStep wire(QualityReport.Step step) {
        return QualityStep.newBuilder()
                .setSince(Translation.timestamp(step.fromMicros()))
                .setUntil(Translation.timestamp(step.untilMicros()))
                .setSampled(step.sampled())
                .setOutcomes(step.outcomes())
                .putAllMetrics(step.metrics())
                .addAllConfusion(EvaluationMessages.confusion(step.confusion()))
                .build();
    }

    static DriftResponse wire(SystemDefinition system, String deployment, DriftReport report) {
        double psi = system.monitoring().psi();
        int rowsMin = system.monitoring().rowsMin();
        return DriftResponse.newBuilder()
                .setSystem(system.name())
                .setDeployment(deployment)
                .setVersion(report.version())
                .setBatch(report.batch())
                .setSince(Translation.timestamp(report.fromMicros()))
                .setUntil(Translation.timestamp(report.untilMicros()))
                .setPredictions(report.predictions())
                .setSampled(report.sampled())
                .addAllColumns(report.drifts().stream()
                        .map(drift -> wire(drift, psi, report.sampled() >= rowsMin))
                        .toList())
                .setProblem(report.problem().orElse(""))
                .setPsiThreshold(psi)
                .setRowsMin(rowsMin)
                .build();
    }

    private static ColumnDrift wire(Drift drift, double psi, boolean enough) {
        var wire = ColumnDrift.newBuilder()
                .setFeature(drift.feature())
                .setPsi(drift.psi())
                .setThreshold(drift.threshold(psi))
                .setJensenShannon(drift.jensenShannon())
                .setDrifted(enough && drift.psi() >= drift.threshold(psi))
                .setBaseline(EvaluationMessages.wire(drift.feature(), drift.baseline()))
                .setLive(EvaluationMessages.wire(drift.feature(), drift.live()));
        drift.kolmogorovSmirnov().ifPresent(wire::setKolmogorovSmirnov);
        drift.bins()
                .forEach(bin -> wire.addBins(DriftBin.newBuilder()
                        .setLabel(bin.label())
                        .setBaseline(bin.baseline())
                        .setLive(bin.live())));
        return wire.build();
    }

    static ViewFreshness wire(FreshnessReport report) {
        var wire = ViewFreshness.newBuilder()
                .setView(report.view())
                .setEntity(report.entity())
                .setStale(report.stale());
        report.newest()
                .ifPresent(newest -> wire.setRows(newest.rows())
                        .setNewest(Translation.timestamp(newest.eventMicros()))
                        .setArrived(Translation.timestamp(newest.ingestMicros())));
        report.age().ifPresent(age -> wire.setAge(duration(Micros.of(age))));
        report.oldest().ifPresent(oldest -> wire.setOldest(duration(Micros.of(oldest))));
        return wire.build();
    }

    static TrafficStep wire(PredictionRecords.Count count) {
        return TrafficStep.newBuilder()
                .setSince(Translation.timestamp(count.startMicros()))
                .setVersion(count.version())
                .setBatch(count.batch())
                .setPredictions(count.predictions())
                .build();
    }

    static dev.triptych.v1.AnswerTimes wire(AnswerTimes.Stretch stretch) {
        return dev.triptych.v1.AnswerTimes.newBuilder()
                .setSince(Translation.timestamp(Micros.of(stretch.from())))
                .setUntil(Translation.timestamp(Micros.of(stretch.until())))
                .setAnswers(stretch.answers())
                .setP50Millis(stretch.p50Micros() / 1_000.0)
                .setP95Millis(stretch.p95Micros() / 1_000.0)
                .setP99Millis(stretch.p99Micros() / 1_000.0)
                .setMaxMillis(stretch.maxMicros() / 1_000.0)
                .build();
    }

    static dev.triptych.v1.Alert wire(Alert alert) {
        var wire = dev.triptych.v1.Alert.newBuilder()
                .setId(alert.id())
                .setSystem(alert.subject().system())
                .setKind(
                        switch (alert.subject().kind()) {
                            case DRIFT -> dev.triptych.v1.Alert.Kind.DRIFT;
                            case QUALITY -> dev.triptych.v1.Alert.Kind.QUALITY;
                            case FRESHNESS -> dev.triptych.v1.Alert.Kind.FRESHNESS;
                        })
                .setSource(alert.subject().source())
                .setMeasure(alert.subject().measure())
                .setValue(alert.reading().value())
                .setThreshold(alert.reading().threshold())
                .setRows(alert.reading().rows())
                .setSince(Translation.timestamp(alert.reading().fromMicros()))
                .setUntil(Translation.timestamp(alert.reading().untilMicros()))
                .setVersion(alert.reading().version())
                .setRaised(Translation.timestamp(alert.raisedMicros()));
        alert.cleared().ifPresent(end -> {
            wire.setCleared(Translation.timestamp(end.atMicros()));
            end.value().ifPresent(wire::setClearedValue);
        });
        alert.training().ifPresent(training -> wire.setTrainingRun(training.runId()));
        alert.notifiedRaised().ifPresent(told -> wire.setToldRaised(wire(told)));
        alert.notifiedCleared().ifPresent(told -> wire.setToldCleared(wire(told)));
        return wire.build();
    }

    private static Notification wire(Alert.Notified told) {
        return Notification.newBuilder()
                .setAt(Translation.timestamp(told.atMicros()))
                .setAttempts(told.attempts())
                .setFailure(told.failure().orElse(""))
                .build();
    }

    static Duration duration(long micros) {
        return Duration.newBuilder()
                .setSeconds(Math.floorDiv(micros, 1_000_000L))
                .setNanos(Math.floorMod(micros, 1_000_000) * 1_000)
                .build();
    }
}
