package dev.triptych.definition;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.MonitoringDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.kernel.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a system's folder: {@code system.conf} and the SQL beside it. Finds all mistakes at once. */
public final class SystemParser {

    private static final String FILE = "system.conf";

    private final Path folder;
    private final String text;
    private final WrittenKeys keys;
    private final Mistakes mistakes;

    /** Pipelines, and views, without a mistake so far. */
    private final Set<Object> sound = new HashSet<>();

    private SystemParser(Path folder, String text) {
        this.folder = folder;
        this.text = text;
        this.keys = WrittenKeys.of(text);
        this.mistakes = new Mistakes(folder.resolve(FILE), keys);
    }

    /** As {@link #parse(Path, TransformationCheck)}, without a look at what the SQL gives. */
    public static Parsed parse(Path folder) {
        return parse(folder, system -> List.of());
    }

    /**
     * Everything there is to say about a system's folder. Reads files; blocks for milliseconds, and for the check.
     *
     * @param check is shown every feature pipeline that has no mistake of its own, whatever else is wrong
     */
    public static Parsed parse(Path folder, TransformationCheck check) {
        Path absolute = folder.toAbsolutePath().normalize();
        Path file = absolute.resolve(FILE);
        try {
            if (!Files.isRegularFile(file)) {
                return failed(file, 0, "no such file", "a system is a folder that holds a " + FILE);
            }
            String text = Files.readString(file);
            ConfigObject root = ConfigFactory.parseString(
                            text,
                            ConfigParseOptions.defaults()
                                    .setOriginDescription(FILE)
                                    .setIncluder(new NoIncludes()))
                    .resolve(ConfigResolveOptions.noSystem())
                    .root();
            return new SystemParser(absolute, text).parse(root, check);
        } catch (CharacterCodingException e) {
            return failed(file, 0, "not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            return failed(file, 0, "cannot be read", "make it readable");
        } catch (ConfigException.UnresolvedSubstitution e) {
            return failed(file, line(e), reason(e), "name a key of this file; the environment is not read");
        } catch (ConfigException e) {
            return failed(file, line(e), reason(e), "mend the HOCON syntax");
        }
    }

    private static Parsed failed(Path file, int line, String message, String mend) {
        return new Parsed(Optional.empty(), List.of(new Mistake(file, line, message, mend)));
    }

    private static int line(ConfigException e) {
        return e.origin() == null ? 0 : Math.max(0, e.origin().lineNumber());
    }

    /** The parser's words without what we say ourselves, or know better. */
    private static String reason(ConfigException e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^" + FILE + ": \\d+: ", "")
                .replaceFirst("(?s) \\(if you .*", "")
                .replace("expecting a close parentheses ')' here", "expecting a key, or a closing brace");
    }

    private Parsed parse(ConfigObject root, TransformationCheck check) {
        noteWhatHoconPassesOver();
        SystemDefinition system = system(new Section(mistakes, List.of(), root));
        mistakes.addAll(check.check(soundPart(system)));
        List<Mistake> found = mistakes.sorted();
        return new Parsed(found.isEmpty() ? Optional.of(system) : Optional.empty(), found);
    }

    private void noteWhatHoconPassesOver() {
        keys.repeated()
                .forEach(key -> mistakes.note(
                        key.line(),
                        String.join(".", key.path()) + ": written a second time, first in line " + key.firstLine(),
                        "keep one of the two"));
        keys.includes()
                .forEach(line -> mistakes.note(
                        line, "include: nothing is included", "write all of it here, where it is versioned"));
    }

    private SystemDefinition system(Section root) {
        Optional<Section> head = root.required("system", "add system { name = " + folder.getFileName() + " }");
        String name = head.map(this::name).orElse("");
        String description =
                head.flatMap(section -> section.optionalText("description")).orElse("");
        head.ifPresent(Section::finish);

        root.required("entities", "add entities { name { key = column } }");
        List<EntityDefinition> entities = root.each("entities", ViewParser::entity);
        root.required("views", "add views { name { entity = …, features { … } } }");
        var viewParser =
                new ViewParser(entities.stream().map(EntityDefinition::name).toList());
        List<ViewDefinition> views = root.each("views", noted(viewParser::view));
        var declared = new Declared(entities, views);
        List<FeaturePipelineDefinition> feature =
                root.each("feature-pipelines", noted(new FeaturePipelineParser(folder, declared)::parse));
        var trainingParser = new TrainingPipelineParser(declared);
        int before = mistakes.count();
        List<TrainingPipelineDefinition> training = root.each("training-pipelines", trainingParser::parse);
        boolean soundTraining = mistakes.count() == before;
        var servingParser = new ServingParser(declared, training, new KeySelectionParser(folder, declared));
        List<DeploymentDefinition> deployments = root.each("deployments", servingParser::deployment);
        List<InferencePipelineDefinition> inference = root.each("inference-pipelines", noted(servingParser::inference));
        MonitoringDefinition monitoring = root.section("monitoring")
                .map(new MonitoringParser(views, training, soundTraining)::parse)
                .orElse(MonitoringDefinition.DEFAULT);
        root.finish();
        return new SystemDefinition(
                name,
                description,
                hash(feature, inference),
                folder,
                entities,
                views,
                feature,
                training,
                deployments,
                inference,
                monitoring);
    }

    private String name(Section section) {
        String name = section.text("name");
        if (!name.isEmpty()) {
            section.checkName("name", name);
            if (!name.equals(String.valueOf(folder.getFileName()))) {
                section.mistake("name", name, "name it as its folder: " + folder.getFileName());
            }
        }
        return name;
    }

    private <T> Function<Section.Named, T> noted(Function<Section.Named, T> read) {
        return named -> {
            int before = mistakes.count();
            T result = read.apply(named);
            if (mistakes.count() == before) {
                sound.add(result);
            }
            return result;
        };
    }

    /**
     * What can be checked by running it: the feature pipelines that are sound, with the views they write, and the
     * inference pipelines that are, where all views are that they may look at.
     */
    private SystemDefinition soundPart(SystemDefinition system) {
        List<FeaturePipelineDefinition> pipelines = system.featurePipelines().stream()
                .filter(sound::contains)
                .filter(pipeline -> pipeline.outputs().stream()
                        .allMatch(output -> system.view(output.view())
                                .filter(sound::contains)
                                .isPresent()))
                .toList();
        List<InferencePipelineDefinition> inference = system.inferencePipelines().stream()
                .filter(sound::contains)
                .filter(pipeline -> sound.containsAll(system.views()))
                .toList();
        return new SystemDefinition(
                system.name(),
                system.description(),
                system.hash(),
                system.folder(),
                system.entities(),
                system.views(),
                pipelines,
                List.of(),
                List.of(),
                inference);
    }

    /** Over the texts that make the definition, each with its name: system.conf, and the SQL it names, by name. */
    private String hash(List<FeaturePipelineDefinition> pipelines, List<InferencePipelineDefinition> inference) {
        var texts = new TreeMap<String, String>();
        pipelines.stream()
                .flatMap(pipeline -> pipeline.outputs().stream())
                .forEach(output -> texts.put(name(output.file()), output.sql()));
        inference.forEach(pipeline -> {
            if (pipeline.keys() instanceof KeySelection.Query query) {
                texts.put(name(query.file()), query.sql());
            }
        });
        MessageDigest digest = Sha256.digest();
        update(digest, FILE, text);
        texts.forEach((name, sql) -> update(digest, name, sql));
        return HexFormat.of().formatHex(digest.digest());
    }

    private String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static void update(MessageDigest digest, String name, String content) {
        digest.update((name + "\0" + content + "\0").getBytes(StandardCharsets.UTF_8));
    }
}
