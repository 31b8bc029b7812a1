package dev.triptych.audit;

import static dev.triptych.inference.TestNode.await;
import static dev.triptych.inference.TestNode.given;
import static dev.triptych.inference.TestNode.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.triptych.audit.domain.Spread;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.LoggedPredictions;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.ScriptedModels;
import dev.triptych.inference.TestNode;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions.NoSuchVersionException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CounterfactualTest {

    private static final FeatureRead SURVIVED =
            new FeatureRead("outcome", "survived", FeatureType.BOOL, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);

    /** Of a model with this weight a passenger is likelier to survive than not from a weighted sum of 1 on. */
    private static final double LOW = 0.001;

    private static final double HIGH = 0.3;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = new TestNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void countsWhatWouldBeAnsweredOtherwiseAndJudgesBothByTheOutcomesThatArrivedSince() {
        node.champion("whatif", String.valueOf(LOW));
        int other = node.register("whatif", String.valueOf(HIGH));
        var served = node.serve("whatif", Audit.DURABLE);
        List<String> keys = List.of("a", "b", "c");
        node.writeOutcome("a", 1_000, true);
        for (int i = 0; i < keys.size(); i++) {
            node.writePerson(keys.get(i), 1_000, 20.0 + i, "male");
            node.predict(served, key(keys.get(i)));
        }
        node.predict(served, given(Map.of("person.age", new Value.Float64(1), "sex", new Value.Text(""))));
        // What was read then counts, not what is there now; what became known before cannot be an outcome.
        node.writePerson("a", 2_000, 90.0, "female");
        node.writeOutcome("b", Micros.of(node.clock.instant()) + 1_000_000, true);
        node.writeOutcome("c", Micros.of(node.clock.instant()) + 1_000_000, false);

        Comparison comparison = compare(served, "whatif", other);

        double[] differences = node.recorded(served).stream()
                .mapToDouble(CounterfactualTest::difference)
                .toArray();
        assertThat(comparison.compared()).isEqualTo(4);
        assertThat(comparison.changed()).isEqualTo(3);
        assertThat(comparison.meanDifference())
                .isEqualTo(Arrays.stream(differences).average().orElseThrow(), within(1e-15));
        assertThat(comparison.maxDifference())
                .isEqualTo(Arrays.stream(differences).max().orElseThrow());
        assertThat(comparison.outcomes()).isEqualTo(2);
        // The low weight says false of everybody, the high one true: each is right about one of b and c.
        assertThat(comparison.recorded()).containsEntry("accuracy", 0.5).containsEntry("recall", 0.0);
        assertThat(comparison.other()).containsEntry("accuracy", 0.5).containsEntry("recall", 1.0);
    }

    @Test
    void theVersionThatAnsweredWouldAnswerTheSame() {
        int champion = node.champion("same", String.valueOf(HIGH));
        var served = node.serve("same", Audit.DURABLE);
        node.writePerson("s", 1_000, 30.0, "female");
        node.predict(served, key("s"), new Instance(Optional.empty(), Map.of("sex", new Value.Text("male"))));

        assertThat(compare(served, "same", champion))
                .isEqualTo(new Comparison(
                        2, 0, 0, 0, 0, List.of(new Spread.Bin(0, 1.0 / 1024, 2)), 0, Map.of(), Map.of()));
    }

    @Test
    void aVersionThatIsNotThereIsNamed() {
        node.champion("lonely", String.valueOf(HIGH));
        var served = node.serve("lonely", Audit.DURABLE);

        assertThatThrownBy(() -> compare(served, "lonely", 7))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoSuchVersionException.class)
                .hasMessageContaining("version 7 of titanic/lonely");
    }

    private static Comparison compare(TestNode.Served served, String model, int version) {
        var archive = new LoggedPredictions(() -> node.recorded(served));
        var counterfactual = new Counterfactual(
                node.system(), archive, node.journal, node.freshVersions(), node.threads, node.clock);
        return await(counterfactual.compare(
                Filter.everything(3), "titanic/" + model, version, Optional.of(SURVIVED), done -> {}));
    }

    /** By the scripted models' own formula, from the inputs the test wrote. */
    private static double difference(PredictionRecord record) {
        List<Value> inputs = record.key()
                .map(key -> List.of(
                        new Value.Float64(20.0 + key.charAt(0) - 'a'),
                        new Value.Text("male"),
                        Value.Null.NULL,
                        Value.Null.NULL))
                .orElse(record.given());
        return Math.abs(ScriptedModels.scores(LOW, inputs)[0] - ScriptedModels.scores(HIGH, inputs)[0]);
    }
}
