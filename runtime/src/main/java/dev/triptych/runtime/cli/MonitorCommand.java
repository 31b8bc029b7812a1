package dev.triptych.runtime.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.triptych.v1.Alert;
import dev.triptych.v1.ColumnDrift;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.FreshnessRequest;
import dev.triptych.v1.ListAlertsRequest;
import dev.triptych.v1.Notification;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.QualityResponse;
import dev.triptych.v1.QualityStep;
import dev.triptych.v1.TrafficRequest;
import dev.triptych.v1.ViewFreshness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = "What a system is asked and answers, and its alerts.")
final class MonitorCommand {

    @Spec
    CommandSpec spec;

    /** Which predictions, of which deployment. */
    static final class Which {
        @Parameters(paramLabel = "SYSTEM")
        String system = "";

        @Option(names = "--deployment", defaultValue = "", description = "may be left out where there is one")
        String deployment = "";

        @Option(
                names = "--since",
                converter = Arguments.Time.class,
                description = "by the time of the prediction; the monitoring window before --until, if left out")
        @Nullable
        Timestamp since;

        @Option(names = "--until", converter = Arguments.Time.class, description = "now, if left out")
        @Nullable
        Timestamp until;
    }

    @Command(
            name = "drift",
            mixinStandardHelpOptions = true,
            description =
                    "How far what a deployment is asked, and what it answers, is from what its version learnt from.")
    int drift(
            @Mixin NodeOptions node,
            @Mixin Which which,
            @Option(
                            names = "--version-number",
                            defaultValue = "0",
                            description = "to compare with; the one that answered most, if left out")
                    int version) {
        var request = DriftRequest.newBuilder()
                .setSystem(which.system)
                .setDeployment(which.deployment)
                .setVersion(version);
        if (which.since != null) {
            request.setSince(which.since);
        }
        if (which.until != null) {
            request.setUntil(which.until);
        }
        try (NodeClient client = node.connect()) {
            DriftResponse drift = client.monitoring().drift(request.build());
            if (node.json) {
                output().json(drift);
            } else {
                show(drift);
            }
            return ExitCode.OK;
        }
    }

    private void show(DriftResponse drift) {
        Output output = output();
        output.line(drift.getDeployment() + " version " + drift.getVersion() + ", " + drift.getPredictions()
                + (drift.getBatch() ? " predictions of batch runs" : " predictions")
                + (drift.getSampled() < drift.getPredictions() ? ", " + drift.getSampled() + " sampled" : "")
                + " from " + Output.time(true, drift.getSince()) + " to " + Output.time(true, drift.getUntil()));
        if (!drift.getProblem().isEmpty()) {
            output.line("nothing to compare: " + drift.getProblem());
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("FEATURE", "PSI", "THRESHOLD", "JS", "KS", "MISSING", "LEARNT MISSING", "DRIFTED"));
        for (ColumnDrift column : drift.getColumnsList()) {
            rows.add(List.of(
                    column.getFeature(),
                    Output.number(column.getPsi()),
                    Output.number(column.getThreshold()),
                    Output.number(column.getJensenShannon()),
                    column.hasKolmogorovSmirnov() ? Output.number(column.getKolmogorovSmirnov()) : "-",
                    percent(column.getLive().getMissing(), column.getLive().getRows()),
                    percent(
                            column.getBaseline().getMissing(),
                            column.getBaseline().getRows()),
                    column.getDrifted() ? "yes" : "no"));
        }
        output.table(rows);
        if (drift.getSampled() < drift.getRowsMin()) {
            output.line("too few predictions to judge by (expected: " + drift.getRowsMin() + " at least)");
        }
    }

    @Command(
            name = "quality",
            mixinStandardHelpOptions = true,
            description = "How good the answers of a deployment were, step by step, where outcomes have arrived.")
    int quality(
            @Mixin NodeOptions node,
            @Mixin Which which,
            @Option(
                            names = "--step",
                            converter = Arguments.Step.class,
                            description = "such as 1h; a 24th of the time, if left out")
                    @Nullable
                    Duration step,
            @Option(names = "--version-number", defaultValue = "0", description = "only answers of this version")
                    int version) {
        var request = QualityRequest.newBuilder()
                .setSystem(which.system)
                .setDeployment(which.deployment)
                .setVersion(version);
        if (which.since != null) {
            request.setSince(which.since);
        }
        if (which.until != null) {
            request.setUntil(which.until);
        }
        if (step != null) {
            request.setStep(step);
        }
        try (NodeClient client = node.connect()) {
            QualityResponse quality = client.monitoring().quality(request.build());
            if (node.json) {
                output().json(quality);
            } else {
                show(quality);
            }
            return ExitCode.OK;
        }
    }

    private void show(QualityResponse quality) {
        var metrics = new TreeSet<>(quality.getWhole().getMetricsMap().keySet());
        var heading = new ArrayList<>(List.of("SINCE", "PREDICTIONS", "OUTCOMES"));
        metrics.forEach(metric -> heading.add(metric.toUpperCase(Locale.ROOT)));
        var rows = new ArrayList<List<String>>();
        rows.add(heading);
        quality.getStepsList().forEach(step -> rows.add(row(Output.time(true, step.getSince()), step, metrics)));
        rows.add(row("all", quality.getWhole(), metrics));
        output().table(rows);
        quality.getWhole()
                .getConfusionList()
                .forEach(cell -> output().line("actual " + cell.getActual() + " predicted " + cell.getPredicted() + ": "
                        + cell.getCount()));
    }

    private static List<String> row(String name, QualityStep step, TreeSet<String> metrics) {
        var row = new ArrayList<>(List.of(name, String.valueOf(step.getSampled()), String.valueOf(step.getOutcomes())));
        metrics.forEach(
                metric -> row.add(step.containsMetrics(metric) ? Output.number(step.getMetricsOrThrow(metric)) : "-"));
        return row;
    }

    @Command(
            name = "freshness",
            mixinStandardHelpOptions = true,
            description = "How new the newest rows of a system's views are.")
    int freshness(@Mixin NodeOptions node, @Parameters(paramLabel = "SYSTEM") String system) {
        try (NodeClient client = node.connect()) {
            var freshness = client.monitoring()
                    .freshness(FreshnessRequest.newBuilder().setSystem(system).build());
            if (node.json) {
                output().json(freshness);
                return ExitCode.OK;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("VIEW", "ROWS", "NEWEST", "ARRIVED", "AGE", "OLDEST", "STALE"));
            for (ViewFreshness view : freshness.getViewsList()) {
                rows.add(List.of(
                        view.getView(),
                        String.valueOf(view.getRows()),
                        Output.time(view.hasNewest(), view.getNewest()),
                        Output.time(view.hasArrived(), view.getArrived()),
                        view.hasAge() ? seconds(view.getAge()) : "-",
                        view.hasOldest() ? seconds(view.getOldest()) : "-",
                        view.getStale() ? "yes" : "no"));
            }
            output().table(rows);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "traffic",
            mixinStandardHelpOptions = true,
            description = "How much a deployment is asked, step by step.")
    int traffic(
            @Mixin NodeOptions node,
            @Mixin Which which,
            @Option(
                            names = "--step",
                            converter = Arguments.Step.class,
                            description = "such as 1h; a 24th of the time, if left out")
                    @Nullable
                    Duration step) {
        var request = TrafficRequest.newBuilder().setSystem(which.system).setDeployment(which.deployment);
        if (which.since != null) {
            request.setSince(which.since);
        }
        if (which.until != null) {
            request.setUntil(which.until);
        }
        if (step != null) {
            request.setStep(step);
        }
        try (NodeClient client = node.connect()) {
            var traffic = client.monitoring().traffic(request.build());
            if (node.json) {
                output().json(traffic);
                return ExitCode.OK;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("SINCE", "VERSION", "BY", "PREDICTIONS"));
            traffic.getStepsList()
                    .forEach(each -> rows.add(List.of(
                            Output.time(true, each.getSince()),
                            String.valueOf(each.getVersion()),
                            each.getBatch() ? "batch" : "callers",
                            String.valueOf(each.getPredictions()))));
            output().table(rows);
            traffic.getAnswerTimesList().stream()
                    .skip(Math.max(0, traffic.getAnswerTimesCount() - 1))
                    .forEach(last -> output().line("last answers: " + last.getAnswers() + ", p50 "
                            + Output.number(last.getP50Millis()) + " ms, p99 "
                            + Output.number(last.getP99Millis()) + " ms"));
            return ExitCode.OK;
        }
    }

    @Command(name = "alerts", mixinStandardHelpOptions = true, description = "Alerts, newest first.")
    int alerts(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM", arity = "0..1", defaultValue = "", description = "all, if left out")
                    String system,
            @Option(names = "--open", description = "only those that are not over") boolean open,
            @Option(names = "--limit", defaultValue = "100", description = "at most (${DEFAULT-VALUE})") int limit) {
        try (NodeClient client = node.connect()) {
            List<Alert> alerts = client.monitoring()
                    .listAlerts(ListAlertsRequest.newBuilder()
                            .setSystem(system)
                            .setOpen(open)
                            .setLimit(limit)
                            .build())
                    .getAlertsList();
            if (node.json) {
                alerts.forEach(output()::json);
                return ExitCode.OK;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of(
                    "RAISED", "CLEARED", "KIND", "OF", "MEASURE", "VALUE", "THRESHOLD", "ROWS", "WEBHOOK", "RUN"));
            for (Alert alert : alerts) {
                rows.add(List.of(
                        Output.time(true, alert.getRaised()),
                        Output.time(alert.hasCleared(), alert.getCleared()),
                        alert.getKind().name().toLowerCase(Locale.ROOT),
                        alert.getSystem() + "/" + alert.getSource(),
                        alert.getMeasure(),
                        Output.number(alert.getValue()),
                        Output.number(alert.getThreshold()),
                        String.valueOf(alert.getRows()),
                        told(alert.hasToldRaised(), alert.getToldRaised()),
                        alert.getTrainingRun().isEmpty() ? "-" : alert.getTrainingRun()));
            }
            output().table(rows);
            return ExitCode.OK;
        }
    }

    private static String told(boolean known, Notification told) {
        if (!known) {
            return "-";
        }
        return told.getFailure().isEmpty() ? "told" : "failed: " + told.getFailure();
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    private static String seconds(Duration duration) {
        return java.time.Duration.ofSeconds(duration.getSeconds())
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    private Output output() {
        return new Output(spec.commandLine().getOut());
    }
}
