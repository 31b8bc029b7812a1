package dev.triptych.definition;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainerKind;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.models.domain.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads training pipelines: label, features, trainer, split, baselines, gates, promotion. */
final class TrainingPipelineParser {

    private static final List<String> TRANSFORMATIONS = List.of("standardise", "rescale", "log1p", "impute-mean");
    private static final Pattern GATE =
            Pattern.compile("([a-z0-9-]+) *(>=|<=|>|<) *(?:baseline\\.([\\w-]+)|(-?[\\d.]+))");
    private static final int FOLDS_MAX = 100;

    private final Declared declared;

    TrainingPipelineParser(Declared declared) {
        this.declared = declared;
    }

    TrainingPipelineDefinition parse(Section.Named named) {
        Section section = named.section();
        var cadence = FeaturePipelineParser.cadence(section);
        String model = section.optionalText("model").orElse(named.name());
        String entity = section.text("entity");
        if (!entity.isEmpty() && !declared.entityNames().contains(entity)) {
            section.unknown("entity", entity, declared.entityNames());
        }
        Task task = section.oneOf(
                "task",
                Task.CLASSIFICATION,
                Map.of("classification", Task.CLASSIFICATION, "regression", Task.REGRESSION));
        if (!section.has("task")) {
            section.mistake("task", "missing", "add task = classification or regression");
        }
        FeatureRead label = label(section, entity, task);
        List<FeatureRead> features = features(section, entity, label);
        List<BaselineDefinition> baselines = baselines(section, features);
        List<String> metrics = Metric.of(task).stream().map(Metric::label).toList();
        String primary =
                section.optionalText("primary-metric").orElse(task == Task.CLASSIFICATION ? "log-loss" : "rmse");
        if (!metrics.contains(primary)) {
            section.unknown("primary-metric", primary, metrics);
        }
        var pipeline = new TrainingPipelineDefinition(
                named.name(),
                cadence,
                model,
                entity,
                task,
                label,
                features,
                trainer(section, task),
                transformations(section, features),
                split(section, entity),
                (long) section.number("seed", 1, 0, 9e15, "a whole number"),
                baselines,
                gates(section, metrics, baselines),
                primary,
                section.oneOf(
                        "promotion",
                        TrainingPipelineDefinition.Promotion.MANUAL,
                        Map.of(
                                "manual", TrainingPipelineDefinition.Promotion.MANUAL,
                                "automatic", TrainingPipelineDefinition.Promotion.AUTOMATIC)));
        section.finish();
        return pipeline;
    }

    private FeatureRead label(Section section, String entity, Task task) {
        String name = section.text("label");
        List<FeatureRead> found = declared.reads(entity, name);
        if (found.size() != 1) {
            if (!name.isEmpty()) {
                section.unknown("label", name, declared.featureNames(entity));
            }
            return new FeatureRead("", "", FeatureType.BOOL, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
        }
        FeatureRead label = found.getFirst();
        boolean number = label.type() == FeatureType.FLOAT64 || label.type() == FeatureType.INT64;
        if (task == Task.REGRESSION && !number) {
            section.mistake("label", name + " is a " + label.type().label(), "regression needs int64 or float64");
        }
        if (task == Task.CLASSIFICATION
                && (label.type() == FeatureType.FLOAT64 || label.type() == FeatureType.TIMESTAMP)) {
            section.mistake(
                    "label", name + " is a " + label.type().label(), "classification needs bool, string or int64");
        }
        return label;
    }

    private List<FeatureRead> features(Section section, String entity, FeatureRead label) {
        var features = new LinkedHashSet<FeatureRead>();
        for (String name : section.texts("features", true)) {
            List<FeatureRead> reads = declared.reads(entity, name);
            if (reads.isEmpty()) {
                section.unknown("features", name, declared.featureNames(entity));
            }
            for (FeatureRead read : reads) {
                if (!features.add(read)) {
                    section.mistake("features", read.name() + " is named twice", "name it once");
                }
            }
        }
        if (features.contains(label)) {
            section.mistake(
                    "features",
                    label.name() + " is the label",
                    "remove it: a model that reads its label learns nothing");
        }
        return List.copyOf(features);
    }

    private static TrainerDefinition trainer(Section section, Task task) {
        Optional<Section> trainer = section.section("trainer");
        if (trainer.isEmpty()) {
            section.mistake("trainer", "missing", "add trainer { kind = xgboost }");
            return new TrainerDefinition("", Map.of());
        }
        Section given = trainer.get();
        String label = given.text("kind");
        Optional<TrainerKind> kind = TrainerKind.ofLabel(label);
        var parameters = new LinkedHashMap<String, String>();
        if (kind.isEmpty()) {
            given.unknown(
                    "kind",
                    label,
                    Arrays.stream(TrainerKind.values()).map(TrainerKind::label).toList());
            return new TrainerDefinition(label, parameters);
        }
        if (!kind.get().does(task)) {
            given.mistake(
                    "kind", label + " does no " + task.name().toLowerCase(java.util.Locale.ROOT), "choose another");
        }
        for (TrainerKind.Parameter parameter : kind.get().parameters()) {
            given.optionalText(parameter.name()).ifPresent(text -> {
                if (parameter.value(text).isEmpty()) {
                    given.mistake(parameter.name(), text, "write " + parameter.expected());
                }
                parameters.put(parameter.name(), text);
            });
        }
        given.finish();
        return new TrainerDefinition(label, parameters);
    }

    private static List<TransformationDefinition> transformations(Section section, List<FeatureRead> features) {
        var transformations = new ArrayList<TransformationDefinition>();
        List<String> inputs = features.stream().map(FeatureRead::name).toList();
        section.textMap("transformations").forEach((input, kind) -> {
            Optional<FeatureRead> read = features.stream()
                    .filter(feature -> feature.name().equals(input))
                    .findFirst();
            if (read.isEmpty()) {
                section.mistake("transformations", "no such input: " + input, Section.suggestion(input, inputs));
            } else if (read.get().type() == FeatureType.STRING) {
                section.mistake("transformations", input + " is a string", "only numbers are transformed");
            }
            if (!TRANSFORMATIONS.contains(kind)) {
                section.mistake("transformations", "unknown: " + kind, Section.suggestion(kind, TRANSFORMATIONS));
            }
            transformations.add(new TransformationDefinition(input, kind));
        });
        return transformations;
    }

    private SplitDefinition split(Section section, String entity) {
        Optional<Section> split = section.section("split");
        if (split.isEmpty()) {
            section.mistake("split", "missing", "add split { kind = k-fold, folds = 10 }, hash or time");
            return new SplitDefinition.Time(0.2);
        }
        Section given = split.get();
        Optional<String> group = given.optionalText("group");
        group.filter(name -> declared.reads(entity, name).size() != 1)
                .ifPresent(name -> given.unknown("group", name, declared.featureNames(entity)));
        String kind = given.text("kind");
        SplitDefinition parsed = switch (kind) {
            case "k-fold" ->
                new SplitDefinition.KFold(
                        (int) given.number("folds", 5, 2, FOLDS_MAX, "2 to " + FOLDS_MAX + " folds"), group);
            case "hash" -> new SplitDefinition.Hash(fraction(given), group);
            case "time" -> new SplitDefinition.Time(fraction(given));
            default -> {
                given.unknown("kind", kind, List.of("hash", "time", "k-fold"));
                yield new SplitDefinition.Time(0.2);
            }
        };
        given.finish();
        return parsed;
    }

    private static double fraction(Section split) {
        return split.number("test-fraction", 0.2, 0.001, 0.999, "a fraction between 0 and 1");
    }

    private static List<BaselineDefinition> baselines(Section section, List<FeatureRead> features) {
        var baselines = new ArrayList<BaselineDefinition>();
        List<String> inputs = features.stream().map(FeatureRead::name).toList();
        section.textMap("baselines").forEach((name, input) -> {
            if (!inputs.contains(input)) {
                section.mistake("baselines", "no such input: " + input, Section.suggestion(input, inputs));
            }
            baselines.add(new BaselineDefinition(name, Optional.of(input)));
        });
        return baselines;
    }

    private static List<GateDefinition> gates(
            Section section, List<String> metrics, List<BaselineDefinition> baselines) {
        var known =
                new ArrayList<>(baselines.stream().map(BaselineDefinition::name).toList());
        known.add("majority");
        known.add("mean");
        var gates = new ArrayList<GateDefinition>();
        for (String text : section.texts("gates", false)) {
            Matcher gate = GATE.matcher(text);
            if (!gate.matches()) {
                section.mistake("gates", text, "write metric >= number, or metric > baseline.NAME (>=, >, <=, <)");
                continue;
            }
            if (!metrics.contains(gate.group(1))) {
                section.unknown("gates", gate.group(1), metrics);
            }
            Optional<String> baseline = Optional.ofNullable(gate.group(3));
            baseline.filter(name -> !known.contains(name))
                    .ifPresent(name -> section.unknown("gates", "baseline." + name, known));
            double threshold = baseline.isPresent() ? 0 : Double.parseDouble(gate.group(4));
            gates.add(new GateDefinition(gate.group(1), comparison(gate.group(2)), threshold, baseline));
        }
        return gates;
    }

    private static GateDefinition.Comparison comparison(String sign) {
        return Arrays.stream(GateDefinition.Comparison.values())
                .filter(comparison -> comparison.sign().equals(sign))
                .findFirst()
                .orElseThrow();
    }
}
