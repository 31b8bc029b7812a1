package dev.triptych.runtime.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.UnusableInputException;
import dev.triptych.store.models.domain.EvaluatedBy;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The flat form of every kind of model, against Tribuo's own prediction: no bit may differ. */
class FlattenedPredictorTest {

    private static final int ROWS = 3_000;
    private static final Signature KIND = signature(Task.CLASSIFICATION, List.of("calm", "odd", "wild"));
    private static final Signature BINARY = signature(Task.CLASSIFICATION, List.of("no", "yes"));
    private static final Signature SIZE = signature(Task.REGRESSION, List.of("v.label"));
    private static final List<TransformationDefinition> SCALED = List.of(
            new TransformationDefinition("v.a", "log1p"),
            new TransformationDefinition("v.b", "standardise"),
            new TransformationDefinition("v.c", "impute-mean"),
            new TransformationDefinition("v.c", "rescale"));

    @ParameterizedTest
    @CsvSource({
        "xgboost, trees, 40, max-depth, 6",
        "xgboost, trees, 15, max-depth, 9",
        "random-forest, trees, 20, max-depth, 6",
        "random-forest, trees, 10, max-depth, 20",
        "logistic-regression, epochs, 5, minibatch, 1",
    })
    void classifiesAsTribuoDoes(String kind, String first, String one, String second, String two) {
        Map<String, String> parameters = Map.of(first, one, second, two);

        assertSameBits(kind, parameters, List.of(), KIND);
        assertSameBits(kind, parameters, List.of(), BINARY);
        assertSameBits(kind, parameters, SCALED, KIND);
    }

    @ParameterizedTest
    @CsvSource({
        "xgboost, trees, 100, max-depth, 6",
        "xgboost, trees, 15, max-depth, 9",
        "random-forest, trees, 20, max-depth, 6",
        "random-forest, trees, 10, max-depth, 20",
        "linear-regression, epochs, 5, minibatch, 1",
    })
    void regressesAsTribuoDoes(String kind, String first, String one, String second, String two) {
        Map<String, String> parameters = Map.of(first, one, second, two);

        assertSameBits(kind, parameters, List.of(), SIZE);
        assertSameBits(kind, parameters, SCALED, SIZE);
    }

    @Test
    void saysWhichNumberABoostedModelCannotTakeForItIsNoFloat() {
        var people = new People(200, 0.2);
        byte[] artifact = people.regressor("xgboost", Map.of("trees", "10")).artifact();
        Predictor tribuo = new TribuoModelLoader().unflattened(artifact, People.FARE);
        Predictor flattened = new TribuoModelLoader().load(artifact, People.FARE);
        List<Value> huge =
                List.of(new Value.Text("male"), new Value.Float64(1e300), new Value.Int64(1), new Value.Bool(true));

        assertThatThrownBy(() -> tribuo.predict(huge)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> flattened.predict(huge))
                .isInstanceOfSatisfying(UnusableInputException.class, refused -> {
                    assertThat(refused.reason().field()).isEqualTo("v.age");
                    assertThat(refused.reason().value()).isEqualTo("1.0E300");
                    assertThat(refused.reason().expected()).contains("3.4028235E38");
                });
    }

    @Test
    void explainsWhatSumsToTheNumber() {
        for (String kind : List.of("xgboost", "random-forest", "linear-regression")) {
            Predictor predictor = fitted(kind, Map.of(), List.of(), SIZE);
            for (List<Value> row : rows(50, new Random(4), false)) {
                var output = predictor.explain(row).orElseThrow().outputs().getFirst();
                double sum = output.base();
                for (double contribution : output.contributions()) {
                    sum += contribution;
                }
                double predicted = predictor.predict(row)[0];
                assertThat(sum).as(kind).isCloseTo(predicted, within(1e-5 * Math.max(1, Math.abs(predicted))));
            }
        }
    }

    private static void assertSameBits(
            String kind, Map<String, String> parameters, List<TransformationDefinition> scaled, Signature signature) {
        byte[] artifact = artifact(kind, parameters, scaled, signature);
        Predictor tribuo = new TribuoModelLoader().unflattened(artifact, signature);
        Predictor flattened = new TribuoModelLoader().load(artifact, signature);

        assertThat(flattened.evaluatedBy()).isEqualTo(EvaluatedBy.FLATTENED);
        for (List<Value> row : TribuoModelLoader.adversarialRows(artifact, signature, ROWS)) {
            assertThat(bits(flattened.predict(row))).as("%s", row).isEqualTo(bits(tribuo.predict(row)));
        }
        for (List<Value> row : rows(500, new Random(3), true)) {
            assertThat(bits(flattened.predict(row))).as("%s", row).isEqualTo(bits(tribuo.predict(row)));
        }
    }

    private static long[] bits(double[] scores) {
        return Arrays.stream(scores).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static Predictor fitted(
            String kind, Map<String, String> parameters, List<TransformationDefinition> scaled, Signature signature) {
        return new TribuoModelLoader().load(artifact(kind, parameters, scaled, signature), signature);
    }

    private static byte[] artifact(
            String kind, Map<String, String> parameters, List<TransformationDefinition> scaled, Signature signature) {
        var random = new Random(7);
        List<List<Value>> rows = rows(400, random, kind.equals("xgboost"));
        var labels = new ArrayList<Value>();
        for (List<Value> row : rows) {
            double size = row.get(0) instanceof Value.Float64 number ? number.value() : -2;
            size += row.get(3).equals(new Value.Text("red")) ? 4 : random.nextGaussian();
            int outcome = (int) Math.min(signature.outputs().size() - 1L, Math.max(0, Math.round(size / 4)));
            labels.add(
                    signature.task() == Task.REGRESSION
                            ? new Value.Float64(size)
                            : new Value.Text(signature.outputs().get(outcome)));
        }
        return new TribuoModelTrainer()
                .fit(new TrainerDefinition(kind, parameters), scaled, signature, rows, labels, 42)
                .artifact();
    }

    private static List<List<Value>> rows(int count, Random random, boolean missing) {
        var rows = new ArrayList<List<Value>>();
        List<String> colours = List.of("red", "green", "blue");
        for (int row = 0; row < count; row++) {
            rows.add(List.of(
                    missing && random.nextInt(5) == 0 ? Value.Null.NULL : new Value.Float64(random.nextDouble() * 10),
                    new Value.Float64(random.nextGaussian() * 1e6),
                    new Value.Int64(random.nextInt(20) - 10),
                    new Value.Text(colours.get(random.nextInt(3))),
                    new Value.Bool(random.nextBoolean())));
        }
        return rows;
    }

    private static Signature signature(Task task, List<String> outputs) {
        return new Signature(
                "thing",
                List.of(
                        read("a", FeatureType.FLOAT64),
                        read("b", FeatureType.FLOAT64),
                        read("c", FeatureType.INT64),
                        read("colour", FeatureType.STRING),
                        read("tall", FeatureType.BOOL)),
                task,
                "v.label",
                outputs);
    }

    private static FeatureRead read(String feature, FeatureType type) {
        return People.read(feature, type);
    }
}
