package dev.triptych.runtime.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import dev.triptych.training.ModelTrainer.Fitted;
import dev.triptych.training.ModelTrainer.UntrainableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TribuoModelTrainerTest {

    private static final Map<String, String> FEW_TREES = Map.of("trees", "10");
    private static final List<Value> STRANGER =
            List.of(new Value.Text("unheard-of"), Value.Null.NULL, new Value.Int64(0), Value.Null.NULL);

    private final People people = new People(200, 0.2);

    @ParameterizedTest
    @CsvSource({"logistic-regression", "random-forest", "xgboost"})
    void fitsTheSameClassifierTwiceToTheSameContentAndBits(String kind) {
        Fitted first = people.classifier(kind, small(kind));
        Fitted second = people.classifier(kind, small(kind));

        assertSame(first, second, People.SURVIVAL);
    }

    @ParameterizedTest
    @CsvSource({"linear-regression", "random-forest", "xgboost"})
    void fitsTheSameRegressorTwiceToTheSameContentAndBits(String kind) {
        Fitted first = people.regressor(kind, small(kind));
        Fitted second = people.regressor(kind, small(kind));

        assertSame(first, second, People.FARE);
    }

    @Test
    void reproducesAlsoWhereSeveralThreadsFit() {
        Map<String, String> threads = Map.of("trees", "10", "threads", "2", "subsample", "0.7");

        assertSame(people.classifier("xgboost", threads), people.classifier("xgboost", threads), People.SURVIVAL);
    }

    @ParameterizedTest
    @CsvSource({"logistic-regression", "random-forest", "xgboost"})
    void givesAnotherSeedAnotherContent(String kind) {
        Map<String, String> parameters =
                kind.equals("xgboost") ? Map.of("trees", "10", "subsample", "0.5") : small(kind);
        Fitted other = new TribuoModelTrainer()
                .fit(
                        new TrainerDefinition(kind, parameters),
                        People.IMPUTED_AGE,
                        People.SURVIVAL,
                        people.rows,
                        people.survived,
                        43);

        assertThat(other.contentHash())
                .isNotEqualTo(people.classifier(kind, parameters).contentHash());
    }

    @ParameterizedTest
    @CsvSource({"logistic-regression", "random-forest", "xgboost"})
    void foretellsWhatFollowsTheRule(String kind) {
        Predictor predictor = people.classifier(kind, Map.of()).predictor();

        for (String sex : List.of("female", "male")) {
            assertThat(meanOf(sex, row -> predictor.predict(people.rows.get(row))[1]))
                    .as(sex)
                    .isCloseTo(
                            meanOf(sex, row -> people.survived.get(row).equals(new Value.Bool(true)) ? 1 : 0),
                            within(0.08));
        }
    }

    @ParameterizedTest
    @CsvSource({"linear-regression,5000", "random-forest,9000", "xgboost,9000"})
    void foretellsANumberInItsOwnUnit(String kind, double tolerance) {
        Predictor predictor = people.regressor(kind, Map.of()).predictor();

        // The rule: 100,000 + 900 × 40 + 20,000 × 2, noise apart; a fifth of the ages are imputed.
        assertThat(predictor
                        .predict(List.of(
                                new Value.Text("male"),
                                new Value.Float64(40),
                                new Value.Int64(2),
                                new Value.Bool(true)))[0])
                .isCloseTo(176_000, within(tolerance));
    }

    @Test
    void xgboostTellsAMissingValueFromAZero() {
        var age = new Signature(
                "person",
                List.of(People.read("age", FeatureType.FLOAT64)),
                Task.CLASSIFICATION,
                "v.known",
                List.of("false", "true"));
        var rows = new ArrayList<List<Value>>();
        var labels = new ArrayList<Value>();
        for (int pair = 0; pair < 50; pair++) {
            rows.add(List.of(new Value.Float64(0)));
            labels.add(new Value.Bool(true));
            rows.add(List.of(Value.Null.NULL));
            labels.add(new Value.Bool(false));
        }

        Predictor predictor = new TribuoModelTrainer()
                .fit(new TrainerDefinition("xgboost", Map.of()), List.of(), age, rows, labels, 1)
                .predictor();

        assertThat(predictor.predict(List.of(new Value.Float64(0)))[1]).isGreaterThan(0.9);
        assertThat(predictor.predict(List.of(Value.Null.NULL))[1]).isLessThan(0.1);
    }

    @ParameterizedTest
    @CsvSource({"logistic-regression", "random-forest", "xgboost"})
    void answersForSomeoneOfWhomNothingIsKnown(String kind) {
        double[] scores = people.classifier(kind, small(kind)).predictor().predict(STRANGER);

        assertThat(scores).hasSize(2);
        assertThat(Arrays.stream(scores).sum()).isCloseTo(1, within(1e-6));
    }

    @Test
    void givesAnOutcomeNoProbabilityThatWasNotAmongTheTrainingRows() {
        var three = new Signature(
                "person", People.SURVIVAL.inputs(), Task.CLASSIFICATION, "v.class", List.of("1st", "2nd", "3rd"));
        List<Value> labels = people.survived.stream()
                .<Value>map(survived -> new Value.Text(((Value.Bool) survived).value() ? "1st" : "3rd"))
                .toList();

        double[] scores = new TribuoModelTrainer()
                .fit(new TrainerDefinition("xgboost", FEW_TREES), List.of(), three, people.rows, labels, 1)
                .predictor()
                .predict(person("female", 40));

        assertThat(scores[1]).isZero();
        assertThat(scores[0]).isGreaterThan(scores[2]);
    }

    @Test
    void imputesTheMeanOfTheTrainingRows() {
        Predictor predictor = people.classifier("logistic-regression", Map.of()).predictor();
        double mean = people.rows.stream()
                .map(row -> row.get(1))
                .filter(age -> age != Value.Null.NULL)
                .mapToDouble(age -> ((Value.Float64) age).value())
                .average()
                .orElseThrow();

        double[] missing = predictor.predict(
                List.of(new Value.Text("male"), Value.Null.NULL, new Value.Int64(1), new Value.Bool(true)));

        assertThat(missing)
                .containsExactly(
                        predictor.predict(List.of(
                                new Value.Text("male"),
                                new Value.Float64(mean),
                                new Value.Int64(1),
                                new Value.Bool(true))),
                        within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"standardise", "rescale", "log1p"})
    void transformsAnInputAsOneWouldByHand(String kind) {
        var inputs = List.of(People.read("age", FeatureType.FLOAT64));
        var signature = new Signature("person", inputs, Task.REGRESSION, "v.fare", List.of("v.fare"));
        List<List<Value>> raw = IntStream.range(0, 100)
                .<List<Value>>mapToObj(row -> List.of(new Value.Float64(row * 0.75)))
                .toList();
        List<Value> labels = people.fares.subList(0, 100);
        // Of 0, 0.75, …, 74.25: the mean is 37.125, the deviation 0.75 √(100 · 101 / 12) with n − 1.
        DoubleUnaryOperator byHand = switch (kind) {
            case "standardise" -> age -> (age - 37.125) / (0.75 * Math.sqrt(100 * 101 / 12.0));
            case "rescale" -> age -> age / 74.25;
            default -> Math::log1p;
        };
        List<List<Value>> transformed = raw.stream()
                .<List<Value>>map(row ->
                        List.of(new Value.Float64(byHand.applyAsDouble(((Value.Float64) row.getFirst()).value()))))
                .toList();
        var trainer = new TrainerDefinition("linear-regression", Map.of());

        Predictor ours = new TribuoModelTrainer()
                .fit(trainer, List.of(new TransformationDefinition("v.age", kind)), signature, raw, labels, 1)
                .predictor();
        Predictor theirs = new TribuoModelTrainer()
                .fit(trainer, List.of(), signature, transformed, labels, 1)
                .predictor();

        for (int row = 0; row < raw.size(); row++) {
            assertThat(ours.predict(raw.get(row))[0]).isCloseTo(theirs.predict(transformed.get(row))[0], within(1e-3));
        }
    }

    @Test
    void namesTheMendForMissingNumbersThatATrainerCannotTake() {
        assertThatThrownBy(() -> fit("logistic-regression", Map.of(), List.of()))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining("v.age")
                .hasMessageContaining("impute-mean");
    }

    @Test
    void refusesWhatADefinitionShouldNotHaveLetThrough() {
        assertThatThrownBy(() -> fit("xgboost", Map.of("trees", "none"), List.of()))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining("xgboost.trees: none");
        assertThatThrownBy(() -> fit("xgboost", Map.of("tree", "1"), List.of()))
                .hasMessageContaining("xgboost.tree: 1")
                .hasMessageContaining("trees");
        assertThatThrownBy(() -> fit("linear-regression", Map.of(), List.of()))
                .hasMessageContaining("trainer: linear-regression")
                .hasMessageContaining("logistic-regression, random-forest, xgboost");
        assertThatThrownBy(
                        () -> fit("xgboost", Map.of(), List.of(new TransformationDefinition("v.sex", "standardise"))))
                .hasMessageContaining("v.sex");
    }

    @Test
    void refusesTextThatIsAnIdentifier() {
        List<List<Value>> rows = IntStream.range(0, 1_500)
                .<List<Value>>mapToObj(row ->
                        List.of(new Value.Text("id-" + row), Value.Null.NULL, new Value.Int64(0), new Value.Bool(true)))
                .toList();
        List<Value> labels = IntStream.range(0, 1_500)
                .<Value>mapToObj(row -> new Value.Bool(row % 2 == 0))
                .toList();

        assertThatThrownBy(() -> new TribuoModelTrainer()
                        .fit(new TrainerDefinition("xgboost", Map.of()), List.of(), People.SURVIVAL, rows, labels, 1))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining("v.sex: more than 1000 different texts");
    }

    @Test
    void recordsEveryParameterAndLibraryThatWentIn() {
        Fitted fitted = people.classifier("xgboost", FEW_TREES);

        assertThat(fitted.parameters())
                .containsEntry("trees", "10")
                .containsEntry("threads", "1")
                .containsEntry("learning-rate", "0.1");
        assertThat(fitted.libraries()).containsEntry("tribuo", "4.3.2").containsKeys("xgboost4j", "java");
        assertThat(fitted.libraries().get("xgboost4j")).startsWith("3.");
    }

    private Fitted fit(String kind, Map<String, String> parameters, List<TransformationDefinition> transformations) {
        return new TribuoModelTrainer()
                .fit(
                        new TrainerDefinition(kind, parameters),
                        transformations,
                        People.SURVIVAL,
                        people.rows,
                        people.survived,
                        42);
    }

    private void assertSame(Fitted first, Fitted second, Signature signature) {
        assertThat(second.contentHash()).isEqualTo(first.contentHash());
        Predictor loaded = new TribuoModelLoader().load(second.artifact(), signature);
        for (List<Value> row : people.rows) {
            assertThat(loaded.predict(row)).containsExactly(first.predictor().predict(row));
        }
    }

    private static Map<String, String> small(String kind) {
        return kind.endsWith("regression") ? Map.of("epochs", "20") : FEW_TREES;
    }

    private double meanOf(String sex, IntToDoubleFunction value) {
        return IntStream.range(0, people.rows.size())
                .filter(row -> people.rows.get(row).getFirst().equals(new Value.Text(sex)))
                .mapToDouble(value)
                .average()
                .orElseThrow();
    }

    private static List<Value> person(String sex, double age) {
        return List.of(new Value.Text(sex), new Value.Float64(age), new Value.Int64(1), new Value.Bool(true));
    }
}
