package dev.triptych.definition;

import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.MonitoringDefinition;
import dev.triptych.definition.domain.MonitoringDefinition.OnDrift;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how a system is watched. */
final class MonitoringParser {

    private static final int ROWS_MIN_MAX = 10_000;
    private static final Duration WINDOW_MAX = Duration.ofDays(366);
    private static final double PSI_MAX = 100;

    private final List<ViewDefinition> views;
    private final List<TrainingPipelineDefinition> training;
    private final boolean soundTraining;

    /** @param soundTraining whether the training pipelines had no mistake, which would bring others after it */
    MonitoringParser(List<ViewDefinition> views, List<TrainingPipelineDefinition> training, boolean soundTraining) {
        this.views = views;
        this.training = training;
        this.soundTraining = soundTraining;
    }

    MonitoringDefinition parse(Section section) {
        MonitoringDefinition otherwise = MonitoringDefinition.DEFAULT;
        Duration window = duration(section, "window")
                .filter(given -> within(section, given))
                .orElse(otherwise.window());
        int rowsMin = (int) section.whole("rows-min", 1, ROWS_MIN_MAX).orElse(otherwise.rowsMin());
        double psi = section.section("drift").map(this::psi).orElse(otherwise.psi());
        Map<Metric, Double> quality =
                section.section("quality").map(this::quality).orElse(Map.of());
        Map<String, Duration> freshness = freshness(section);
        Optional<String> webhook = section.optionalText("webhook").filter(text -> isUrl(section, text));
        OnDrift onDrift = section.oneOf("on-drift", Map.of("alert", OnDrift.ALERT, "train", OnDrift.TRAIN))
                .orElse(OnDrift.ALERT);
        if (onDrift == OnDrift.TRAIN && training.isEmpty()) {
            section.mistake("on-drift", "train, and no training pipeline is declared", "declare one, or write alert");
        }
        section.finish();
        return new MonitoringDefinition(window, rowsMin, psi, quality, freshness, webhook, onDrift);
    }

    private static boolean within(Section section, Duration window) {
        boolean within = window.compareTo(WINDOW_MAX) <= 0;
        if (!within) {
            section.mistake("window", "longer than " + WINDOW_MAX.toDays() + "d", "write a shorter time");
        }
        return within;
    }

    private double psi(Section drift) {
        double psi =
                drift.number("psi", MonitoringDefinition.PSI_DEFAULT, Double.MIN_VALUE, PSI_MAX, "a number above 0");
        drift.finish();
        return psi;
    }

    private Map<Metric, Double> quality(Section section) {
        var bounds = new EnumMap<Metric, Double>(Metric.class);
        List<Metric> measured = List.of(Metric.values()).stream()
                .filter(metric -> !soundTraining
                        || training.isEmpty()
                        || training.stream().anyMatch(pipeline -> pipeline.task() == metric.task()))
                .toList();
        for (String name : section.keys()) {
            Optional<Metric> metric =
                    measured.stream().filter(each -> each.label().equals(name)).findFirst();
            double bound =
                    section.number(name, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "a number");
            if (metric.isEmpty()) {
                section.unknown(
                        name,
                        "metric",
                        name,
                        measured.stream().map(Metric::label).toList());
            } else if (!Double.isNaN(bound) && !metric.get().canBe(bound)) {
                section.mistake(
                        name,
                        bound + ", which " + name + " cannot be",
                        "write " + metric.get().range());
            } else if (!Double.isNaN(bound)) {
                bounds.put(metric.get(), bound);
            }
        }
        return bounds;
    }

    /** One duration for every view, or one a view. */
    private Map<String, Duration> freshness(Section section) {
        var oldest = new HashMap<String, Duration>();
        if (section.isSection("freshness")) {
            section.section("freshness")
                    .ifPresent(given -> given.keys().forEach(view -> {
                        if (views.stream().noneMatch(each -> each.name().equals(view))) {
                            given.unknown(
                                    view,
                                    "view",
                                    view,
                                    views.stream().map(ViewDefinition::name).toList());
                        }
                        duration(given, view).ifPresent(duration -> oldest.put(view, duration));
                    }));
        } else {
            duration(section, "freshness")
                    .ifPresent(duration -> views.forEach(view -> oldest.put(view.name(), duration)));
        }
        return oldest;
    }

    private static Optional<Duration> duration(Section section, String key) {
        Optional<String> text = section.optionalText(key);
        Optional<Duration> duration = text.flatMap(Cadences::duration);
        if (text.isPresent() && duration.isEmpty()) {
            section.mistake(key, text.get(), "write " + Cadences.DURATION);
        }
        return duration;
    }

    private static boolean isUrl(Section section, String text) {
        try {
            var url = new URI(text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return true;
            }
        } catch (URISyntaxException e) {
            // Noted below, as another scheme is.
        }
        section.mistake("webhook", text, "write a URL such as https://alerts.example.com/triptych");
        return false;
    }
}
