package dev.triptych.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of mistake: a sound definition with one text replaced has exactly one mistake, in the line of that text,
 * and says how to mend it.
 */
class MistakesTest {

    @TempDir
    Path parent;

    @ParameterizedTest(name = "{1}")
    @MethodSource({"structure", "names", "views", "sources", "training", "gates", "serving", "monitoring"})
    void isFoundInItsLineWithItsMend(String sound, String mistaken, String message, String mend) {
        assertThat(Flowers.CONF).containsOnlyOnce(sound);
        String conf = Flowers.CONF.replace(sound, mistaken);
        Path folder = Flowers.folder(parent, conf);

        List<Mistake> mistakes = SystemParser.parse(folder).mistakes();

        assertThat(mistakes).extracting(Mistake::render).hasSize(1);
        Mistake mistake = mistakes.getFirst();
        assertThat(mistake.file()).isEqualTo(folder.resolve("system.conf"));
        assertThat(conf.lines().toList().get(mistake.line() - 1))
                .as("line %d", mistake.line())
                .contains(mistaken.lines().toList().getLast().strip());
        assertThat(mistake.message()).contains(message);
        assertThat(mistake.mend()).contains(mend);
    }

    static Stream<Arguments> structure() {
        return Stream.of(
                arguments("seed = 42", "seed = = 42", "Expecting", "HOCON syntax"),
                arguments("seed = 42", "seed = ${trees}", "trees", "name a key of this file"),
                arguments("seed = 42", "seed = ${training-pipelines.species.seed}", "cycle", "name a key"),
                arguments("seed = 42", "seeds = 42", "species.seeds: unknown key", "did you mean seed?"),
                arguments("seed = 42", "seed = 42\n    seed = 43", "seed: written a second time", "keep one"),
                arguments("seed = 42", "seed = 42.5", "42.5", "a whole number from 0"),
                arguments("seed = 42", "seed = {}", "seed: a section", "write a text"),
                arguments("seed = 42", "seed = [4, 2]", "seed: a list", "write a text"),
                arguments("seed = 42", "seed = null", "seed: null", "write a text"),
                arguments("seed = 42", "\"seed\" = 1, seed = 42", "written a second time", "keep one"),
                arguments("  flower { key = tag }", "  flower { key = tag }, flower.key = id", "written a", "keep one"),
                arguments(
                        "  flower { key = tag }",
                        "  flower { key = tag }\n  flower { key = tag }",
                        "entities.flower: written a second time",
                        "keep one"),
                arguments("  flower { key = tag }", "  flower { }", "flower.key: missing", "add key = …"),
                arguments("  flower { key = tag }", "  flower { key = \"\" }", "flower.key: empty", "write a text"),
                arguments("inference-pipelines {", "inference-pipeline {", "unknown key", "mean inference-pipelines?"),
                arguments("  all {", "  all = 3 , some {", "all: number 3", "write { … }"));
    }

    static Stream<Arguments> names() {
        String tooLong = "n".repeat(61);
        return Stream.of(
                arguments("name = flowers", "name = roses", "system.name: roses", "its folder: flowers"),
                arguments("name = flowers", "nmae = flowers", "system.nmae: unknown key", "did you mean name?"),
                arguments("  all {", "  \"a b\" {", "no name: a b", "letters, digits, - and _"),
                arguments("  all {", "  " + tooLong + " {", "no name: nnn", "use 1 to 60"),
                arguments("alias = challenger", "alias = \"the best\"", "no name: the best", "letters"),
                arguments("model = weight }", "model = \"we/ight\" }", "unknown model we/ight", "did you mean weight?"),
                arguments("baselines {", "baselines { majority = shape.colour, ", "always there", "another name"),
                arguments("acid = float64", "\"a.cid\" = float64", "no name: a.cid", "letters, digits"),
                arguments("acid = float64", "acid = float64, Acid = string", "case alone", "rename"));
    }

    static Stream<Arguments> views() {
        return Stream.of(
                arguments("entity = garden\n", "entity = gardn\n", "unknown entity gardn", "did you mean garden?"),
                arguments("acid = float64", "acid = double", "unknown type double", "use one of bool, float64"),
                arguments("acid = float64", "acid = flaot64", "unknown type flaot64", "did you mean float64?"),
                arguments("features { acid = float64 }", "features { }", "features: empty", "add features"),
                arguments("features { acid = float64 }", "feature { acid = float64 }", "unknown key", "mean features?"),
                arguments("ttl = 30d", "ttl = 0d", "ttl: 0d", "a duration such as"),
                arguments("ttl = 30d", "ttl = 999999d", "ttl: 999999d", "at most a hundred years"),
                arguments(
                        "boundary = exclusive", "boundary = outside", "unknown word outside", "exclusive, inclusive"));
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                arguments("\"0 3 * * *\"", "\"0 3 * *\"", "contains 4 parts", "five fields"),
                arguments("\"0 3 * * *\"", "\"0 25 * * *\"", "25", "five fields"),
                arguments("\"0 3 * * *\"", "\"0 3 31 2 *\"", "never comes", "a day that the month has"),
                arguments("\"0 3 * * *\"", "\"every 0s\"", "every 0s", "a duration such as"),
                arguments("\"0 3 * * *\"", "\"every day\"", "every day", "a duration such as"),
                arguments("\"0 3 * * *\"", "manuel", "manuel", "write manual"),
                arguments("format = csv", "format = xls", "unknown word xls", "csv, json, parquet"),
                arguments("format = csv", "fromat = csv", "source.fromat: unknown key", "did you mean format?"),
                arguments("\"2025.csv\"", "\"2026.csv\"", "no file 2026.csv", "put it into flowers/"),
                arguments("\"2025.csv\"", "\"2025.csv\",\n\"x*.csv\"", "no file x*.csv", "put it into flowers/"),
                arguments("\"2025.csv\"", "\"[\"", "no path: [", "write a path"),
                arguments("\"2025.csv\"", "\"a\\u0000\"", "no path", "write a path"),
                arguments("\"2025.csv\"", "\"empty.csv\"", "empty.csv is empty", "fill it"),
                arguments("files = [\"2025.csv\", \"more/*.csv\"]", "files = []", "files: empty", "at least one"),
                arguments("files = [\"2025.csv\", \"more/*.csv\"]", "files = a.csv", "string a.csv", "write a list"),
                arguments("columns { tag = string, \"petal width\" = float64 }", "columns { }", "empty", "name = type"),
                arguments("zone = \"Europe/Stockholm\"", "zone = Mars", "unknown zone Mars", "Europe/Stockholm"),
                arguments("bad-rows = quarantine", "bad-rows = skip", "unknown word skip", "fail, quarantine"),
                arguments("soil = \"soil.sql\"", "sail = \"soil.sql\"", "unknown view sail", "did you mean soil?"),
                arguments("soil = \"soil.sql\"", "soil = \"s.sql\"", "no file s.sql", "put the SQL of view soil into"),
                arguments("soil = \"soil.sql\"", "soil = \"blank.sql\"", "blank.sql is empty", "put the SQL"),
                arguments("soil = \"soil.sql\"", "soil = \"sql\"", "no file sql", "put the SQL"),
                arguments(
                        "soil = \"soil.sql\"",
                        "soil = \"soil.sql\", soil = \"kind.sql\"",
                        "garden.writes.soil: written a second time",
                        "keep one"),
                arguments("writes { soil = \"soil.sql\" }", "writes { }", "writes: empty", "add writes"));
    }

    static Stream<Arguments> training() {
        return Stream.of(
                arguments("label = kind.species", "label = kind.spcies", "unknown feature", "mean kind.species?"),
                arguments("label = kind.species", "label = \"kind.*\"", "unknown feature kind.*", "use one of"),
                arguments("label = kind.species", "label = soil.acid", "is of garden, not of flower", "kind.species"),
                arguments("label = kind.species", "label = kind.grams", "is a float64", "needs bool, string or int64"),
                arguments("label = kind.grams", "label = kind.species", "is a string", "needs int64 or float64"),
                arguments("[shape.width,", "[shape.bed,", "required: shape.bed is no input of the model", "use one of"),
                arguments("[shape.width,", "[shape.length,", "required: shape.length is named twice", "name it once"),
                arguments("shape.length,", "shape.lenght,", "unknown feature shape.lenght", "mean shape.length?"),
                arguments("shape.length,", "shape.length, { a = 1 },", "a section in the list", "write texts"),
                arguments("shape.length,", "shape.length,\nshape.length,", "named twice", "name it once"),
                arguments("shape.length,", "shape.length,\nkind.species,", "kind.species is the label", "remove it"),
                arguments("features = [\"shape.*\"]", "features = [\"shape.*\", \"kind.*\"]", "is the label", "remove"),
                arguments("features = [\"shape.*\"]", "features = []", "features: empty", "at least one"),
                arguments(
                        "task = regression", "task = regresion", "unknown word regresion", "did you mean regression?"),
                arguments("kind = xgboost", "kind = xgbost", "unknown trainer xgbost", "did you mean xgboost?"),
                arguments("kind = xgboost", "kind = \"\"", "trainer.kind: empty", "write a text"),
                arguments(
                        "kind = linear-regression",
                        "kind = logistic-regression",
                        "does no regression",
                        "linear-regression, random-forest, xgboost"),
                arguments("trees = 7", "tree = 7", "trainer.tree: unknown key", "did you mean trees?"),
                arguments("trees = 7", "trees = 0", "trees: 0", "a whole number from 1 to"),
                arguments("trees = 7", "trees = 1.5", "trees: 1.5", "a whole number"),
                arguments("subsample = 0.50", "subsample = 1.01", "subsample: 1.01", "to 1.0"),
                arguments("trainer { kind = linear-regression }", "trainer { }", "trainer: empty", "add trainer"),
                arguments(
                        "\"shape.length\" = standardise",
                        "\"shape.length\" = double",
                        "transformation double",
                        "log1p"),
                arguments("\"shape.length\" = standardise", "\"shape.colour\" = log1p", "is a string", "remove it"),
                arguments("\"shape.length\" = standardise", "\"shape.bed\" = log1p", "no input", "shape.length"),
                arguments("\"shape.length\" = standardise", "shape.length = log1p", "a section", "\"shape.length\""),
                arguments("kind = k-fold", "kind = k-folds", "unknown split k-folds", "did you mean k-fold?"),
                arguments("folds = 3", "folds = 1", "folds: 1", "a whole number from 2 to 100"),
                arguments("folds = 3", "test-fraction = 0.2", "unknown key", "folds, group, kind"),
                arguments("group = shape.bed", "group = shape.bad", "unknown feature", "did you mean shape.bed?"),
                arguments("group = shape.bed", "group = shape.width", "is a float64", "group by a string"),
                arguments("group = shape.bed", "group = kind.species", "is the label", "group by what"),
                arguments("kind = hash", "group = shape.bed, kind = time", "group: unknown key", "kind"),
                arguments("test-fraction = 0.25", "test-fraction = 1", "test-fraction: 1", "from 0.001 to 0.999"),
                arguments("test-fraction = 0.25", "test-fraction = many", "many", "a fraction of the rows"),
                arguments("by-colour = shape.colour", "by-colour = shape.bed", "no input", "use one of shape.colour"),
                arguments("promotion = automatic", "promotion = auto", "unknown word auto", "automatic, manual"));
    }

    static Stream<Arguments> gates() {
        return Stream.of(
                arguments("\"accuracy >= 0.9\"", "\"accuracy => 0.9\"", "accuracy => 0.9", "metric >= number"),
                arguments("\"accuracy >= 0.9\"", "\"accuracy >= 0.9.1\"", "0.9.1", "metric >= number"),
                arguments("\"accuracy >= 0.9\"", "\"acuracy >= 0.9\"", "unknown metric", "did you mean accuracy?"),
                arguments("\"accuracy >= 0.9\"", "\"rmse <= 1\"", "unknown metric rmse", "use one of accuracy, auc"),
                arguments("\"accuracy >= 0.9\"", "\"accuracy >= 90\"", "cannot be", "a number from 0 to 1"),
                arguments(
                        "\"accuracy >= 0.9\"", "\"accuracy > baseline.mean\"", "baseline mean", "by-colour, majority"),
                arguments("primary-metric = accuracy", "primary-metric = r2", "unknown word r2", "accuracy, auc"));
    }

    static Stream<Arguments> serving() {
        return Stream.of(
                arguments("audit = async", "audit = maybe", "unknown word maybe", "async, durable, off"),
                arguments("routes { champion = 90,", "routes { champion = 80,", "sum to 90", "weights that sum to 100"),
                arguments("3 = 10 }", "3 = 0 }", "routes.3: 0", "a whole number from 1 to 100"),
                arguments("3 = 10 }", "\"a b\" = 10 }", "no target: a b", "an alias, or the number"),
                arguments("routes { champion", "alias = x, routes { champion", "beside routes", "keep one of them"),
                arguments("[challenger]", "[challenger, challenger]", "shadows: challenger", "each once"),
                arguments("stale = refuse", "stale = refuse, audit = off", "off beside 1 shadows", "durable or async"),
                arguments("stale = refuse", "stale = forbid", "unknown word forbid", "allow, refuse, warn"),
                arguments("in-flight = 64", "in-flight = 0", "limits.in-flight: 0", "a whole number from 1"),
                arguments("deadline = 250ms", "deadline = 2h", "limits.deadline: 2h", "such as 200ms or 2s"),
                arguments("deadline = 250ms", "deadlin = 250ms", "unknown key", "did you mean deadline?"),
                arguments("deployment = florist", "deployment = florit", "unknown deployment", "mean florist?"),
                arguments("view = shape }", "view = shep }", "unknown view shep", "did you mean shape?"),
                arguments("view = shape }", "view = soil }", "soil is of garden", "a view of flower"),
                arguments(", view = shape }", " }", "all.view: missing", "select = a file of SQL"),
                arguments("view = shape }", "view = shape, select = \"kind.sql\" }", "beside view", "keep one"),
                arguments("view = shape }", "select = \"open.sql\" }", "no file open.sql", "SQL that selects the keys"),
                arguments("view = shape }", "keys = \"vip.csv\" }", "no file vip.csv", "put it into flowers/"),
                arguments("view = shape }", "keys = \"kind.sql\" }", "of no known kind", ".csv, .parquet"));
    }

    static Stream<Arguments> monitoring() {
        return Stream.of(
                arguments("window = 7d", "window = week", "monitoring.window: week", "such as 10s, 5m, 12h or 30d"),
                arguments("window = 7d", "window = 400d", "longer than 366d", "a shorter time"),
                arguments("window = 7d", "windo = 7d", "windo: unknown key", "did you mean window?"),
                arguments("rows-min = 50", "rows-min = 0", "rows-min: 0", "a whole number from 1 to 10000"),
                arguments("{ psi = 0.25 }", "{ psi = -1 }", "drift.psi: -1", "a number above 0"),
                arguments("{ psi = 0.25 }", "{ ks = 0.25 }", "ks: unknown key", "psi"),
                arguments("mae = 12.5", "mse = 12.5", "unknown metric mse", "did you mean"),
                arguments("log-loss = 0.7", "accuracy = 70", "which accuracy cannot be", "from 0 to 1"),
                arguments("mae = 12.5", "mae = few", "quality.mae: few", "a number"),
                arguments("soil = 2h", "sol = 2h", "unknown view sol", "did you mean soil?"),
                arguments("soil = 2h", "soil = soon", "freshness.soil: soon", "such as 10s"),
                arguments(
                        "\"https://alerts.example.com/flowers\"",
                        "\"alerts.example.com\"",
                        "webhook: alerts.example.com",
                        "a URL such as https://"),
                arguments("on-drift = train", "on-drift = retrain", "unknown word retrain", "did you mean train?"));
    }
}
