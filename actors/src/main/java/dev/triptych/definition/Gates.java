package dev.triptych.definition;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.Metric;
import dev.triptych.store.models.domain.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the gates of a training pipeline: {@code accuracy >= 0.78}, {@code accuracy > baseline.sex-only}. */
final class Gates {

    /** The baseline that every evaluation shows, declared or not. */
    static final Map<Task, String> ALWAYS_SHOWN = Map.of(Task.CLASSIFICATION, "majority", Task.REGRESSION, "mean");

    private static final Pattern GATE =
            Pattern.compile("([A-Za-z0-9-]+) *(>=|<=|>|<) *(?:baseline\\.([\\w-]+)|(-?\\d{1,15}(?:\\.\\d{1,15})?))");

    private final Section section;
    private final List<Metric> metrics;
    private final List<String> baselines = new ArrayList<>();

    Gates(Section section, Optional<Task> task, List<BaselineDefinition> declared) {
        this.section = section;
        this.metrics = metrics(task);
        declared.forEach(baseline -> baselines.add(baseline.name()));
        ALWAYS_SHOWN.forEach((of, name) -> {
            if (task.isEmpty() || task.get() == of) {
                baselines.add(name);
            }
        });
    }

    /** What can be measured of a task; of an unknown one, everything. */
    static List<Metric> metrics(Optional<Task> task) {
        return task.map(Metric::of).orElseGet(() -> List.of(Metric.values()));
    }

    List<GateDefinition> read(String key) {
        var gates = new ArrayList<GateDefinition>();
        for (Section.Item item : section.texts(key, false)) {
            Matcher gate = GATE.matcher(item.text().strip());
            if (gate.matches()) {
                gates.add(gate(key, item, gate));
            } else {
                section.mistake(
                        item.line(),
                        key,
                        item.text(),
                        "write metric >= number, or metric > baseline.NAME (>=, >, <=, <)");
            }
        }
        return gates;
    }

    private GateDefinition gate(String key, Section.Item item, Matcher gate) {
        String metric = gate.group(1);
        Optional<Metric> known =
                metrics.stream().filter(each -> each.label().equals(metric)).findFirst();
        if (known.isEmpty()) {
            section.mistake(
                    item.line(),
                    key,
                    "unknown metric " + metric,
                    Suggestion.of(metric, metrics.stream().map(Metric::label).toList()));
        }
        Optional<String> baseline = Optional.ofNullable(gate.group(3));
        baseline.filter(name -> !baselines.contains(name))
                .ifPresent(name ->
                        section.mistake(item.line(), key, "unknown baseline " + name, Suggestion.of(name, baselines)));
        double threshold = baseline.isPresent() ? 0 : Double.parseDouble(gate.group(4));
        known.filter(each -> baseline.isEmpty() && !each.canBe(threshold))
                .ifPresent(each -> section.mistake(
                        item.line(), key, item.text() + ", which " + metric + " cannot be", "write " + each.range()));
        return new GateDefinition(metric, comparison(gate.group(2)), threshold, baseline);
    }

    private static GateDefinition.Comparison comparison(String sign) {
        return Arrays.stream(GateDefinition.Comparison.values())
                .filter(comparison -> comparison.sign().equals(sign))
                .findFirst()
                .orElseThrow();
    }
}
