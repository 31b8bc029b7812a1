package dev.triptych.definition;

import dev.triptych.definition.domain.BaselineDefinition;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads training pipelines: label, features, trainer, split, baselines, gates, promotion. */
final class TrainingPipelineParser {

    private static final List<String> TRANSFORMATIONS = List.of("standardise", "rescale", "log1p", "impute-mean");
    private static final Set<FeatureType> NUMBERS = Set.of(FeatureType.INT64, FeatureType.FLOAT64);
    private static final Set<FeatureType> OUTCOMES = Set.of(FeatureType.BOOL, FeatureType.STRING, FeatureType.INT64);
    private static final FeatureRead NO_LABEL =
            new FeatureRead("", "", FeatureType.BOOL, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    private static final int FOLDS_MAX = 100;
    private static final long FOLDS_DEFAULT = 5;
    private static final double TEST_FRACTION_DEFAULT = 0.2;
    private static final double TEST_FRACTION_MIN = 0.001;
    private static final long SEED_DEFAULT = 1;

    private final Declared declared;
    private final Set<String> models = new HashSet<>();

    TrainingPipelineParser(Declared declared) {
        this.declared = declared;
    }

    TrainingPipelineDefinition parse(Section.Named named) {
        Section section = named.section();
        var cadence = Cadences.read(section);
        String model = section.name("model", named.name());
        if (!models.add(model)) {
            section.mistake("model", model + " is trained by another pipeline too", "name this model differently");
        }
        String entity = section.text("entity");
        if (!entity.isEmpty() && !declared.entityNames().contains(entity)) {
            section.unknown("entity", "entity", entity, declared.entityNames());
        }
        Optional<Task> task =
                section.oneOf("task", Map.of("classification", Task.CLASSIFICATION, "regression", Task.REGRESSION));
        section.missing("task", "add task = classification or regression");
        FeatureRead label = label(section, entity, task);
        Inputs inputs = inputs(section, entity, label);
        List<BaselineDefinition> baselines = section.section("baselines")
                .map(given -> baselines(given, inputs))
                .orElseGet(List::of);
        var pipeline = new TrainingPipelineDefinition(
                named.name(),
                cadence,
                model,
                entity,
                task.orElse(Task.CLASSIFICATION),
                label,
                inputs.reads(),
                required(section, inputs),
                trainer(section, task),
                section.section("transformations")
                        .map(given -> transformations(given, inputs))
                        .orElseGet(List::of),
                split(section, entity, label),
                section.whole("seed", 0, Long.MAX_VALUE).orElse(SEED_DEFAULT),
                baselines,
                new Gates(section, task, baselines).read("gates"),
                primaryMetric(section, task),
                section.oneOf(
                                "promotion",
                                Map.of(
                                        "manual", TrainingPipelineDefinition.Promotion.MANUAL,
                                        "automatic", TrainingPipelineDefinition.Promotion.AUTOMATIC))
                        .orElse(TrainingPipelineDefinition.Promotion.MANUAL));
        section.finish();
        return pipeline;
    }

    /** The model's inputs; not complete if one of those named is unknown. */
    private record Inputs(List<FeatureRead> reads, boolean complete) {

        Optional<FeatureRead> find(String name) {
            return reads.stream().filter(read -> read.name().equals(name)).findFirst();
        }

        /** Notes a name that is no input, unless it may be the unknown one. */
        void expect(Section section, String key, String name) {
            if (complete && find(name).isEmpty()) {
                section.mistake(
                        key,
                        name + " is no input of the model",
                        Suggestion.of(
                                name, reads.stream().map(FeatureRead::name).toList()));
            }
        }
    }

    private static String primaryMetric(Section section, Optional<Task> task) {
        Metric otherwise = task.equals(Optional.of(Task.REGRESSION)) ? Metric.RMSE : Metric.LOG_LOSS;
        var words = new LinkedHashMap<String, Metric>();
        Gates.metrics(task).forEach(metric -> words.put(metric.label(), metric));
        return section.oneOf("primary-metric", words).orElse(otherwise).label();
    }

    private FeatureRead label(Section section, String entity, Optional<Task> task) {
        String name = section.text("label");
        Optional<FeatureRead> found = declared.read(entity, name);
        if (found.isEmpty()) {
            if (!name.isEmpty()) {
                unknownFeature(section, section.line("label"), "label", entity, name);
            }
            return NO_LABEL;
        }
        task.ifPresent(known -> checkLabel(section, known, found.get()));
        return found.get();
    }

    private static void checkLabel(Section section, Task task, FeatureRead label) {
        String found = label.name() + " is a " + label.type().label();
        switch (task) {
            case REGRESSION -> {
                if (!NUMBERS.contains(label.type())) {
                    section.mistake("label", found, "regression needs int64 or float64");
                }
            }
            case CLASSIFICATION -> {
                if (!OUTCOMES.contains(label.type())) {
                    section.mistake("label", found, "classification needs bool, string or int64");
                }
            }
        }
    }

    private Inputs inputs(Section section, String entity, FeatureRead label) {
        var features = new LinkedHashSet<FeatureRead>();
        boolean complete = true;
        for (Section.Item item : section.texts("features", true)) {
            List<FeatureRead> reads = declared.reads(entity, item.text());
            if (reads.isEmpty()) {
                unknownFeature(section, item.line(), "features", entity, item.text());
                complete = false;
            }
            for (FeatureRead read : reads) {
                if (read.equals(label)) {
                    section.mistake(
                            item.line(),
                            "features",
                            read.name() + " is the label",
                            "remove it: a model that reads its label learns nothing");
                } else if (!features.add(read)) {
                    section.mistake(item.line(), "features", read.name() + " is named twice", "name it once");
                }
            }
        }
        return new Inputs(List.copyOf(features), complete);
    }

    private static List<String> required(Section section, Inputs inputs) {
        var required = new LinkedHashSet<String>();
        for (Section.Item item : section.texts("required", false)) {
            inputs.expect(section, "required", item.text());
            if (!required.add(item.text())) {
                section.mistake(item.line(), "required", item.text() + " is named twice", "name it once");
            }
        }
        return List.copyOf(required);
    }

    private void unknownFeature(Section section, int line, String key, String entity, String name) {
        String view = name.substring(0, Math.max(0, name.indexOf('.')));
        declared.view(view)
                .filter(known -> !declared.mayBeOf(known, entity))
                .ifPresentOrElse(
                        other -> section.mistake(
                                line,
                                key,
                                name + " is of " + other.entity() + ", not of " + entity,
                                "use one of " + String.join(", ", declared.featureNames(entity))),
                        () -> section.mistake(
                                line,
                                key,
                                "unknown feature " + name,
                                Suggestion.of(name, declared.featureNames(entity))));
    }

    private static TrainerDefinition trainer(Section section, Optional<Task> task) {
        Optional<Section> trainer = section.required("trainer", "add trainer { kind = xgboost }");
        return trainer.map(given -> trainerOf(given, task)).orElseGet(() -> new TrainerDefinition("", Map.of()));
    }

    private static TrainerDefinition trainerOf(Section given, Optional<Task> task) {
        String label = given.text("kind");
        Optional<TrainerKind> kind = TrainerKind.ofLabel(label);
        var parameters = new LinkedHashMap<String, String>();
        if (kind.isEmpty()) {
            if (!label.isEmpty()) {
                given.unknown("kind", "trainer", label, trainers(Set.of(Task.values())));
            }
            return new TrainerDefinition(label, parameters);
        }
        task.filter(wanted -> !kind.get().does(wanted))
                .ifPresent(wanted -> given.mistake(
                        "kind",
                        label + " does no " + wanted.name().toLowerCase(Locale.ROOT),
                        "use one of " + String.join(", ", trainers(Set.of(wanted)))));
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

    private static List<String> trainers(Set<Task> tasks) {
        return Arrays.stream(TrainerKind.values())
                .filter(kind -> tasks.stream().anyMatch(kind::does))
                .map(TrainerKind::label)
                .toList();
    }

    private static List<TransformationDefinition> transformations(Section given, Inputs inputs) {
        var transformations = new ArrayList<TransformationDefinition>();
        given.texts().forEach((input, kind) -> {
            if (kind.isEmpty()) {
                return;
            }
            inputs.expect(given, input, input);
            if (inputs.find(input)
                    .filter(read -> read.type() == FeatureType.STRING)
                    .isPresent()) {
                given.mistake(input, input + " is a string", "only numbers are transformed; remove it");
            }
            if (!TRANSFORMATIONS.contains(kind)) {
                given.unknown(input, "transformation", kind, TRANSFORMATIONS);
            }
            transformations.add(new TransformationDefinition(input, kind));
        });
        return transformations;
    }

    private SplitDefinition split(Section section, String entity, FeatureRead label) {
        return section.required("split", "add split { kind = k-fold, folds = 10 }, hash or time")
                .map(given -> splitOf(given, entity, label))
                .orElseGet(() -> new SplitDefinition.Time(TEST_FRACTION_DEFAULT));
    }

    private SplitDefinition splitOf(Section given, String entity, FeatureRead label) {
        String kind = given.text("kind");
        SplitDefinition split = switch (kind) {
            case "k-fold" ->
                new SplitDefinition.KFold(
                        (int) given.whole("folds", 2, FOLDS_MAX).orElse(FOLDS_DEFAULT), group(given, entity, label));
            case "hash" -> new SplitDefinition.Hash(testFraction(given), group(given, entity, label));
            case "time" -> new SplitDefinition.Time(testFraction(given));
            default -> {
                if (!kind.isEmpty()) {
                    given.unknown("kind", "split", kind, List.of("hash", "time", "k-fold"));
                }
                yield new SplitDefinition.Time(TEST_FRACTION_DEFAULT);
            }
        };
        if (List.of("k-fold", "hash", "time").contains(kind)) {
            given.finish();
        }
        return split;
    }

    private static double testFraction(Section split) {
        return split.number(
                "test-fraction",
                TEST_FRACTION_DEFAULT,
                TEST_FRACTION_MIN,
                1 - TEST_FRACTION_MIN,
                "a fraction of the rows, from " + TEST_FRACTION_MIN + " to " + (1 - TEST_FRACTION_MIN));
    }

    /** Any feature of the entity, whether the model reads it or not. */
    private Optional<String> group(Section split, String entity, FeatureRead label) {
        Optional<String> group = split.optionalText("group");
        group.ifPresent(name -> {
            Optional<FeatureRead> read = declared.read(entity, name);
            if (read.isEmpty()) {
                unknownFeature(split, split.line("group"), "group", entity, name);
            } else if (read.get().equals(label)) {
                split.mistake("group", name + " is the label", "group by what rows have in common otherwise");
            } else if (read.get().type() == FeatureType.FLOAT64) {
                split.mistake("group", name + " is a float64", "group by a string, int64, bool or timestamp");
            }
        });
        return group;
    }

    private static List<BaselineDefinition> baselines(Section given, Inputs inputs) {
        var baselines = new ArrayList<BaselineDefinition>();
        given.texts().forEach((name, input) -> {
            given.checkName(name, name);
            if (Gates.ALWAYS_SHOWN.containsValue(name)) {
                given.mistake(name, name + " is always there", "choose another name");
            }
            inputs.expect(given, name, input);
            baselines.add(new BaselineDefinition(name, Optional.of(input)));
        });
        return baselines;
    }
}
