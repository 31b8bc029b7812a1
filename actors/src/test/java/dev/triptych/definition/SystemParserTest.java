package dev.triptych.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition.BadRows;
import dev.triptych.definition.domain.FeaturePipelineDefinition.Output;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.MonitoringDefinition;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition.Promotion;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRead.Boundary;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.models.domain.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A definition as it is read: the model, its hashes, and what one call tells. */
class SystemParserTest {

    private static final FeatureRead LENGTH = shape("length", FeatureType.FLOAT64);
    private static final FeatureRead WIDTH = shape("width", FeatureType.FLOAT64);
    private static final FeatureRead COLOUR = shape("colour", FeatureType.STRING);
    private static final FeatureRead BED = shape("bed", FeatureType.INT64);

    @TempDir
    Path parent;

    @Test
    void readsEveryKeyOfTheGrammarIntoTheModel() {
        Path folder = Flowers.folder(parent, Flowers.CONF);

        SystemDefinition system = valid(folder);

        assertThat(system.name()).isEqualTo("flowers");
        assertThat(system.description()).isEqualTo("Irises, measured");
        assertThat(system.folder()).isEqualTo(folder);
        assertThat(system.entities())
                .containsExactly(new EntityDefinition("flower", "tag"), new EntityDefinition("garden", "address"));
        assertThat(system.featurePipelines())
                .containsExactly(
                        new FeaturePipelineDefinition(
                                "measurements",
                                new Cadence.Cron("0 3 * * *"),
                                new SourceDefinition.Files(
                                        SourceDefinition.Format.CSV,
                                        List.of(
                                                folder.resolve("2025.csv"),
                                                folder.resolve("more/a.csv"),
                                                folder.resolve("more/b.csv")),
                                        Map.of("tag", FeatureType.STRING, "petal width", FeatureType.FLOAT64),
                                        Optional.of(ZoneId.of("Europe/Stockholm"))),
                                BadRows.QUARANTINE,
                                List.of(
                                        new Output("shape", folder.resolve("sql/shape.sql"), "SELECT 1"),
                                        new Output("kind", folder.resolve("kind.sql"), "SELECT 2"))),
                        new FeaturePipelineDefinition(
                                "garden",
                                new Cadence.Every(Duration.ofSeconds(90)),
                                new SourceDefinition.Generated(
                                        "com.example.Garden", Map.of("count", "5", "rate", "0.50")),
                                BadRows.FAIL,
                                List.of(new Output("soil", folder.resolve("soil.sql"), "SELECT 3"))));
        assertThat(system.deployments())
                .containsExactly(
                        new DeploymentDefinition(
                                "florist", "species-of", "challenger", DeploymentDefinition.Audit.ASYNC),
                        new DeploymentDefinition("scale", "weight", "champion", DeploymentDefinition.Audit.DURABLE),
                        new DeploymentDefinition(
                                "bouquet",
                                "species-of",
                                new ServingRules(
                                        Routing.of(List.of(new Route("champion", 90), new Route("3", 10))),
                                        List.of("challenger"),
                                        new ServingRules.Limits(64, Optional.of(Duration.ofMillis(250))),
                                        DeploymentDefinition.Audit.DURABLE,
                                        ServingRules.Stale.REFUSE)));
        assertThat(system.monitoring())
                .isEqualTo(new MonitoringDefinition(
                        Duration.ofDays(7),
                        50,
                        0.25,
                        Map.of(Metric.LOG_LOSS, 0.7, Metric.MAE, 12.5),
                        Map.of("soil", Duration.ofHours(2)),
                        Optional.of("https://alerts.example.com/flowers"),
                        MonitoringDefinition.OnDrift.TRAIN));
        assertThat(system.inferencePipelines())
                .containsExactly(new InferencePipelineDefinition("all", new Cadence.Manual(), "florist", "shape"));
    }

    @Test
    void readsTrainingPipelinesWithTheirDefaults() {
        SystemDefinition system = valid(Flowers.folder(parent, Flowers.CONF));

        assertThat(system.trainingPipelines())
                .containsExactly(
                        new TrainingPipelineDefinition(
                                "species",
                                new Cadence.Every(Duration.ofDays(1)),
                                "species-of",
                                "flower",
                                Task.CLASSIFICATION,
                                kind("species", FeatureType.STRING),
                                List.of(LENGTH, WIDTH, COLOUR),
                                List.of("shape.width", "shape.length"),
                                new TrainerDefinition("xgboost", Map.of("trees", "7", "subsample", "0.50")),
                                List.of(new TransformationDefinition("shape.length", "standardise")),
                                new SplitDefinition.KFold(3, Optional.of("shape.bed")),
                                42,
                                List.of(new BaselineDefinition("by-colour", Optional.of("shape.colour"))),
                                List.of(
                                        new GateDefinition(
                                                "accuracy", GateDefinition.Comparison.AT_LEAST, 0.9, Optional.empty()),
                                        new GateDefinition(
                                                "log-loss",
                                                GateDefinition.Comparison.LESS_THAN,
                                                0,
                                                Optional.of("by-colour"))),
                                "accuracy",
                                Promotion.AUTOMATIC),
                        new TrainingPipelineDefinition(
                                "weight",
                                new Cadence.Manual(),
                                "weight",
                                "flower",
                                Task.REGRESSION,
                                kind("grams", FeatureType.FLOAT64),
                                List.of(WIDTH, LENGTH, COLOUR, BED),
                                List.of(),
                                new TrainerDefinition("linear-regression", Map.of()),
                                List.of(),
                                new SplitDefinition.Hash(0.25, Optional.empty()),
                                1,
                                List.of(),
                                List.of(),
                                "rmse",
                                Promotion.MANUAL));
    }

    @Test
    void keepsFeaturesOnOneLineInTheOrderTheyAreWritten() {
        SystemDefinition system = valid(Flowers.folder(parent, Flowers.CONF));

        ViewDefinition shape = system.view("shape").orElseThrow();
        assertThat(shape.entity()).isEqualTo("flower");
        assertThat(shape.ttl()).contains(Duration.ofDays(30));
        assertThat(shape.boundary()).isEqualTo(Boundary.EXCLUSIVE);
        assertThat(shape.features())
                .containsExactly(
                        new FeatureDefinition("width", FeatureType.FLOAT64),
                        new FeatureDefinition("length", FeatureType.FLOAT64),
                        new FeatureDefinition("colour", FeatureType.STRING),
                        new FeatureDefinition("bed", FeatureType.INT64));
        assertThat(system.views()).extracting(ViewDefinition::name).containsExactly("shape", "kind", "soil");
    }

    @Test
    void hashesTheConfAndTheSqlItNamesByName() throws NoSuchAlgorithmException {
        String hash = valid(Flowers.folder(parent, Flowers.CONF)).hash();

        String hashed =
                "system.conf\0" + Flowers.CONF + "\0kind.sql\0SELECT 2\0soil.sql\0SELECT 3\0sql/shape.sql\0SELECT 1\0";
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(hashed.getBytes(StandardCharsets.UTF_8));
        assertThat(hash).isEqualTo(HexFormat.of().formatHex(expected));
    }

    @Test
    void versionsAViewByItsOwnDefinitionAlone() {
        SystemDefinition before = valid(Flowers.folder(parent, Flowers.CONF));
        SystemDefinition after = valid(Flowers.folder(parent, Flowers.CONF.replace("ttl = 30d", "ttl = 31d")));

        assertThat(version(after, "shape"))
                .isNotEqualTo(version(before, "shape"))
                .hasSize(64);
        assertThat(version(after, "kind")).isEqualTo(version(before, "kind"));
        assertThat(after.hash()).isNotEqualTo(before.hash());
    }

    @Test
    void readsTheSameWhereverTheFolderLies() {
        SystemDefinition here = valid(Flowers.folder(parent, Flowers.CONF));
        SystemDefinition there = valid(Flowers.folder(parent.resolve("elsewhere"), Flowers.CONF));

        assertThat(there.hash()).isEqualTo(here.hash());
        assertThat(there.views()).isEqualTo(here.views());
    }

    @Test
    void tellsAllMistakesAtOnceInTheOrderOfTheFile() {
        String conf = Flowers.CONF
                .replace("ttl = 30d", "ttl = long")
                .replace("format = csv", "format = cvs")
                .replace("folds = 3", "folds = 1")
                .replace("view = shape }", "view = shap }");

        Parsed parsed = SystemParser.parse(Flowers.folder(parent, conf));

        assertThat(parsed.system()).isEmpty();
        assertThat(parsed.mistakes())
                .extracting(Mistake::line)
                .containsExactly(
                        lineOf(conf, "ttl = long"),
                        lineOf(conf, "format = cvs"),
                        lineOf(conf, "folds = 1"),
                        lineOf(conf, "view = shap }"));
    }

    @Test
    void showsTheTransformationCheckWhatIsSoundHoweverMuchElseIsWrong() {
        String conf = Flowers.CONF.replace("folds = 3", "folds = 1").replace("ttl = 30d", "ttl = long");
        Path folder = Flowers.folder(parent, conf);
        var checked = new ArrayList<String>();

        Parsed parsed = SystemParser.parse(folder, system -> {
            system.featurePipelines().forEach(pipeline -> checked.add(pipeline.name()));
            return List.of(new Mistake(folder.resolve("soil.sql"), 1, "no column acid", "select it"));
        });

        // The other pipeline writes a view that has a mistake.
        assertThat(checked).containsExactly("garden");
        assertThat(parsed.mistakes())
                .extracting(mistake -> mistake.file().getFileName() + ":" + mistake.line())
                .containsExactly(
                        "soil.sql:1",
                        "system.conf:" + lineOf(conf, "ttl = long"),
                        "system.conf:" + lineOf(conf, "folds = 1"));
    }

    @Test
    void letsNoTwoPipelinesTrainOneModel() {
        String conf = Flowers.CONF
                .replace("label = kind.grams", "label = kind.grams\n model = species-of")
                .replace("model = weight", "model = species-of");

        assertThat(SystemParser.parse(Flowers.folder(parent, conf)).mistakes())
                .singleElement()
                .satisfies(mistake -> {
                    assertThat(mistake.message()).contains("species-of is trained by another pipeline too");
                    assertThat(mistake.line()).isEqualTo(lineOf(conf, "label = kind.grams") + 1);
                });
    }

    @Test
    void readsNoIncludesAndNoEnvironment() throws IOException {
        Path other = Files.writeString(parent.resolve("other.conf"), "system.description = other");
        String conf = "include file(\"" + other + "\")\n" + Flowers.CONF;

        Parsed included = SystemParser.parse(Flowers.folder(parent, conf));
        Parsed environment =
                SystemParser.parse(Flowers.folder(parent, Flowers.CONF.replace("\"Irises, measured\"", "${PATH}")));

        assertThat(included.mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.line()).isEqualTo(1);
            assertThat(mistake.message()).contains("nothing is included");
        });
        assertThat(environment.mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.line()).isEqualTo(4);
            assertThat(mistake.mend()).contains("environment is not read");
        });
    }

    @Test
    void saysThatAFolderWithoutASystemConfIsNoSystem() {
        Parsed parsed = SystemParser.parse(parent);

        assertThat(parsed.mistakes())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.render())
                        .isEqualTo(parent.resolve("system.conf")
                                + ": no such file; a system is a folder that holds a system.conf"));
    }

    @Test
    void saysThatTextInAnotherEncodingIsNotUtf8() throws IOException {
        Path folder = Flowers.folder(parent, Flowers.CONF);
        Files.write(folder.resolve("system.conf"), "# Blåklint\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(SystemParser.parse(folder).mistakes())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.message()).isEqualTo("not UTF-8"));
    }

    @Test
    void readsAllSystemsOfAFolderOrTellsTheMistakesOfAll() {
        Flowers.folder(parent, Flowers.CONF);
        Flowers.write(parent.resolve("broken/system.conf"), "system { name = broken }\nviews {");
        Flowers.write(parent.resolve("no-system/notes.txt"), "");

        Systems systems = Systems.in(parent);

        assertThat(systems.byName()).containsOnlyKeys("flowers");
        assertThat(systems.mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.file()).isEqualTo(parent.resolve("broken/system.conf"));
            assertThat(mistake.line()).isEqualTo(2);
        });
        assertThat(Systems.in(parent.resolve("flowers")).byName()).containsOnlyKeys("flowers");
        assertThat(Systems.in(parent.resolve("no-system")).mistakes()).hasSize(1);
        assertThat(Systems.in(parent.resolve("nowhere")).mistakes()).hasSize(1);
    }

    private static SystemDefinition valid(Path folder) {
        Parsed parsed = SystemParser.parse(folder);
        assertThat(parsed.mistakes()).extracting(Mistake::render).isEmpty();
        return parsed.system().orElseThrow();
    }

    private static String version(SystemDefinition system, String view) {
        return system.view(view).orElseThrow().version();
    }

    private static int lineOf(String conf, String text) {
        return (int) conf.substring(0, conf.indexOf(text)).lines().count();
    }

    private static FeatureRead shape(String feature, FeatureType type) {
        return new FeatureRead("shape", feature, type, Optional.of(30L * 24 * 3600 * 1_000_000), Boundary.EXCLUSIVE);
    }

    private static FeatureRead kind(String feature, FeatureType type) {
        return new FeatureRead("kind", feature, type, Optional.empty(), Boundary.INCLUSIVE);
    }
}
