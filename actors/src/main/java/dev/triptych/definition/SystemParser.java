package dev.triptych.definition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a system's folder: {@code system.conf} and the SQL beside it. Finds all mistakes at once. */
public final class SystemParser {

    private static final String FILE = "system.conf";

    private final Path folder;
    private final Path file;
    private final List<Mistake> mistakes = new ArrayList<>();

    private SystemParser(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(FILE);
    }

    /** Reads files; blocks for milliseconds. */
    public static Parsed parse(Path folder) {
        return new SystemParser(folder.toAbsolutePath().normalize()).parse();
    }

    private Parsed parse() {
        String text;
        Config config;
        try {
            text = Files.readString(file);
            config = ConfigFactory.parseString(
                            text, ConfigParseOptions.defaults().setOriginDescription(FILE))
                    .resolve();
        } catch (IOException e) {
            return failed(new Mistake(file, 0, "cannot be read", "a system is a folder that holds a " + FILE));
        } catch (ConfigException e) {
            int line = e.origin() == null ? 0 : Math.max(0, e.origin().lineNumber());
            return failed(new Mistake(file, line, reason(e), "mend the HOCON syntax"));
        }
        mistakes.addAll(DuplicateKeys.find(file, text));
        SystemDefinition system = system(new Section(file, "", config.root(), mistakes));
        mistakes.sort(Comparator.comparing(Mistake::file).thenComparingInt(Mistake::line));
        return new Parsed(mistakes.isEmpty() ? Optional.of(system) : Optional.empty(), mistakes);
    }

    private static Parsed failed(Mistake mistake) {
        return new Parsed(Optional.empty(), List.of(mistake));
    }

    private static String reason(ConfigException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^" + FILE + ": \\d+: ", "");
    }

    private SystemDefinition system(Section root) {
        Optional<Section> head = root.section("system");
        if (head.isEmpty()) {
            root.mistake("system", "missing", "add system { name = " + folder.getFileName() + " }");
        }
        String name = head.map(section -> section.text("name")).orElse("");
        String description =
                head.flatMap(section -> section.optionalText("description")).orElse("");
        head.ifPresent(section -> {
            if (!name.isEmpty() && !name.equals(String.valueOf(folder.getFileName()))) {
                section.mistake("name", name, "name it as its folder: " + folder.getFileName());
            }
            section.finish();
        });

        List<EntityDefinition> entities = root.each("entities", true, SystemParser::entity);
        List<ViewDefinition> views = root.each("views", true, named -> view(named, names(entities, e -> e.name())));
        var names = new Declared(entities, views);
        var featureParser = new FeaturePipelineParser(folder, names);
        List<FeaturePipelineDefinition> feature = root.each("feature-pipelines", false, featureParser::parse);
        var trainingParser = new TrainingPipelineParser(names);
        List<TrainingPipelineDefinition> training = root.each("training-pipelines", false, trainingParser::parse);
        duplicateModels(root, training);
        List<DeploymentDefinition> deployments = root.each(
                "deployments", false, named -> deployment(named, names(training, pipeline -> pipeline.model())));
        List<InferencePipelineDefinition> inference = root.each(
                "inference-pipelines",
                false,
                named -> inference(named, names(deployments, d -> d.name()), names(views, v -> v.name())));
        root.finish();
        return new SystemDefinition(
                name, description, hash(), folder, entities, views, feature, training, deployments, inference);
    }

    private static void duplicateModels(Section root, List<TrainingPipelineDefinition> training) {
        training.stream().collect(Collectors.groupingBy(TrainingPipelineDefinition::model)).values().stream()
                .filter(same -> same.size() > 1)
                .forEach(same -> root.mistake(
                        "training-pipelines",
                        "model " + same.getFirst().model() + " is trained by two pipelines",
                        "name the second one's model differently"));
    }

    private static EntityDefinition entity(Section.Named named) {
        var entity = new EntityDefinition(named.name(), named.section().text("key"));
        named.section().finish();
        return entity;
    }

    private static ViewDefinition view(Section.Named named, List<String> entities) {
        Section section = named.section();
        String entity = section.text("entity");
        if (!entity.isEmpty() && !entities.contains(entity)) {
            section.unknown("entity", entity, entities);
        }
        Optional<Duration> ttl = section.optionalText("ttl").flatMap(text -> {
            Optional<Duration> duration = Cadences.duration(text);
            if (duration.isEmpty()) {
                section.mistake("ttl", text, "write a duration such as 30d, 12h, 5m or 10s");
            }
            return duration;
        });
        FeatureRead.Boundary boundary = section.oneOf(
                "boundary",
                FeatureRead.Boundary.INCLUSIVE,
                Map.of("inclusive", FeatureRead.Boundary.INCLUSIVE, "exclusive", FeatureRead.Boundary.EXCLUSIVE));
        List<FeatureDefinition> features = features(section);
        section.finish();
        String canonical = named.name() + " " + entity + " " + ttl + " " + boundary + " " + features;
        return new ViewDefinition(
                named.name(), entity, ttl, boundary, features, sha256(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<FeatureDefinition> features(Section view) {
        var features = new ArrayList<FeatureDefinition>();
        Optional<Section> declared = view.section("features");
        if (declared.isEmpty() || declared.get().keys().isEmpty()) {
            view.mistake("features", "missing or empty", "add features { name = type }");
            return features;
        }
        types(declared.get()).forEach((name, type) -> features.add(new FeatureDefinition(name, type)));
        return features;
    }

    /** Names and types, in the order of the file. */
    static Map<String, FeatureType> types(Section section) {
        var types = new java.util.LinkedHashMap<String, FeatureType>();
        for (String name : section.keys()) {
            if (!name.matches("[A-Za-z0-9_]{1,60}")) {
                section.mistake(name, "a name of other characters", "use 1 to 60 letters, digits and _");
            }
            String label = section.text(name);
            Optional<FeatureType> type = FeatureType.ofLabel(label);
            if (type.isEmpty()) {
                section.unknown(
                        name,
                        label,
                        Arrays.stream(FeatureType.values())
                                .map(FeatureType::label)
                                .toList());
            }
            types.put(name, type.orElse(FeatureType.STRING));
        }
        return types;
    }

    private static DeploymentDefinition deployment(Section.Named named, List<String> models) {
        Section section = named.section();
        String model = section.text("model");
        if (!model.isEmpty() && !models.contains(model)) {
            section.unknown("model", model, models);
        }
        var deployment = new DeploymentDefinition(
                named.name(),
                model,
                section.optionalText("alias").orElse("champion"),
                section.oneOf(
                        "audit",
                        DeploymentDefinition.Audit.DURABLE,
                        Map.of(
                                "durable", DeploymentDefinition.Audit.DURABLE,
                                "async", DeploymentDefinition.Audit.ASYNC,
                                "off", DeploymentDefinition.Audit.OFF)));
        section.finish();
        return deployment;
    }

    private static InferencePipelineDefinition inference(
            Section.Named named, List<String> deployments, List<String> views) {
        Section section = named.section();
        String deployment = section.text("deployment");
        if (!deployment.isEmpty() && !deployments.contains(deployment)) {
            section.unknown("deployment", deployment, deployments);
        }
        String view = section.text("view");
        if (!view.isEmpty() && !views.contains(view)) {
            section.unknown("view", view, views);
        }
        var pipeline =
                new InferencePipelineDefinition(named.name(), FeaturePipelineParser.cadence(section), deployment, view);
        section.finish();
        return pipeline;
    }

    private static <T> List<String> names(List<T> declared, Function<T, String> name) {
        return declared.stream().map(name).toList();
    }

    /** Over the texts that make the definition, each with its name: system.conf and every SQL file of the folder. */
    private String hash() {
        try (Stream<Path> files = Files.list(folder)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<Path> texts = files.filter(
                            path -> path.endsWith(FILE) || path.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
            for (Path path : texts) {
                digest.update((path.getFileName() + "\0").getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(path));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            mistakes.add(new Mistake(folder, 0, "cannot be read: " + e.getMessage(), "make its files readable"));
            return "";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
