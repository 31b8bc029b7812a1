package dev.triptych.monitoring;

import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.MonitoringDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Micros;
import dev.triptych.monitoring.domain.AlertKind;
import dev.triptych.monitoring.domain.Alerts.Look;
import dev.triptych.monitoring.domain.Drift;
import dev.triptych.monitoring.domain.Reading;
import dev.triptych.monitoring.domain.Reading.State;
import dev.triptych.monitoring.domain.Subject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures all that a system's definition sets a threshold for. Thread-safe. */
public final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** A drift is over below this part of its threshold, so that one at the threshold does not come and go. */
    private static final double OVER_BELOW = 0.75;

    private final Measurements measurements;
    private final Freshness freshness;
    private final Clock clock;

    public Watch(Measurements measurements, Freshness freshness, Clock clock) {
        this.measurements = measurements;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** What was read; what cannot be read now is left out. Never fails. */
    CompletionStage<List<Look>> look(SystemDefinition system) {
        long now = Micros.of(clock.instant());
        var looks = new ArrayList<CompletionStage<Optional<Look>>>();
        for (DeploymentDefinition deployment : system.deployments()) {
            looks.add(leftOutOnFailure(system, drift(system, deployment, now)));
            if (!system.monitoring().quality().isEmpty()) {
                looks.add(leftOutOnFailure(system, quality(system, deployment, now)));
            }
        }
        CompletionStage<List<Look>> ofViews = freshness(system)
                .thenApply(reports -> reports.stream()
                        .flatMap(report -> freshness(system, report, now).stream())
                        .toList())
                .exceptionally(failure -> {
                    LOG.warn("The freshness of {} cannot be read now: {}", system.name(), Causes.message(failure));
                    return List.of();
                });
        return Answers.all(looks)
                .thenApply(all -> all.stream().flatMap(Optional::stream).toList())
                .thenCombine(ofViews, (ofDeployments, views) -> {
                    var all = new ArrayList<>(ofDeployments);
                    all.addAll(views);
                    return all;
                });
    }

    private CompletionStage<List<FreshnessReport>> freshness(SystemDefinition system) {
        try {
            return freshness.of(system);
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.failedStage(stopping);
        }
    }

    private static CompletionStage<Optional<Look>> leftOutOnFailure(
            SystemDefinition system, CompletionStage<Optional<Look>> look) {
        return look.exceptionally(failure -> {
            LOG.warn("The predictions of {} cannot be measured now: {}", system.name(), Causes.message(failure));
            return Optional.empty();
        });
    }

    private CompletionStage<Optional<Look>> drift(SystemDefinition system, DeploymentDefinition deployment, long now) {
        MonitoringDefinition rules = system.monitoring();
        return measurements
                .drift(system, deployment, Optional.empty(), now - Micros.of(rules.window()), now)
                .thenApply(report -> report.drifts().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Look(
                                system.name(),
                                AlertKind.DRIFT,
                                deployment.name(),
                                report.drifts().stream()
                                        .map(drift -> reading(system, deployment, report, drift))
                                        .toList())));
    }

    private static Reading reading(
            SystemDefinition system, DeploymentDefinition deployment, DriftReport report, Drift drift) {
        double threshold = drift.threshold(system.monitoring().psi());
        State state = report.sampled() < system.monitoring().rowsMin()
                ? State.UNDECIDED
                : drift.psi() >= threshold
                        ? State.EXCEEDED
                        : drift.psi() < OVER_BELOW * threshold ? State.FINE : State.UNDECIDED;
        return new Reading(
                new Subject(system.name(), AlertKind.DRIFT, deployment.name(), drift.feature()),
                state,
                drift.psi(),
                threshold,
                report.sampled(),
                report.fromMicros(),
                report.untilMicros(),
                report.version());
    }

    private CompletionStage<Optional<Look>> quality(
            SystemDefinition system, DeploymentDefinition deployment, long now) {
        long window = Micros.of(system.monitoring().window());
        return measurements
                .quality(system, deployment, Optional.empty(), now - window, now, window, Measurements.SAMPLE_MAX)
                .thenApply(report -> report.signature()
                        .map(signature -> new Look(
                                system.name(),
                                AlertKind.QUALITY,
                                deployment.name(),
                                system.monitoring().quality().keySet().stream()
                                        .filter(metric -> metric.task() == signature.task())
                                        .map(metric -> reading(system, deployment, report, metric))
                                        .toList())));
    }

    private static Reading reading(
            SystemDefinition system, DeploymentDefinition deployment, QualityReport report, Metric metric) {
        double bound = system.monitoring().quality().getOrDefault(metric, 0.0);
        Optional<Double> value = Optional.ofNullable(report.whole().metrics().get(metric.label()));
        State state = value.isEmpty()
                        || report.whole().outcomes() < system.monitoring().rowsMin()
                ? State.UNDECIDED
                : metric.isNoWorse(value.get(), bound) ? State.FINE : State.EXCEEDED;
        return new Reading(
                new Subject(system.name(), AlertKind.QUALITY, deployment.name(), metric.label()),
                state,
                value.orElse(0.0),
                bound,
                report.whole().outcomes(),
                report.fromMicros(),
                report.untilMicros(),
                report.version());
    }

    private static Optional<Look> freshness(SystemDefinition system, FreshnessReport report, long now) {
        if (report.age().isEmpty() || report.oldest().isEmpty()) {
            return Optional.empty();
        }
        var reading = new Reading(
                new Subject(system.name(), AlertKind.FRESHNESS, report.view(), "age"),
                report.stale() ? State.EXCEEDED : State.FINE,
                seconds(report.age().get()),
                seconds(report.oldest().get()),
                report.newest().map(NewestRows.Newest::rows).orElse(0L),
                now - Micros.of(report.age().get()),
                now,
                0);
        return Optional.of(new Look(system.name(), AlertKind.FRESHNESS, report.view(), List.of(reading)));
    }

    private static double seconds(java.time.Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
