package dev.triptych.inference;

import static dev.triptych.inference.TestNode.await;
import static dev.triptych.inference.TestNode.given;
import static dev.triptych.inference.TestNode.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.NoVersion;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.InferenceActor.Predicted;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.InferenceActor.Refused;
import dev.triptych.inference.InferenceActor.UnknownKey;
import dev.triptych.inference.domain.PredictionChain;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceActorTest {

    private static final Value AGE = new Value.Float64(30);
    private static final Value FEMALE = new Value.Text("female");

    private static TestNode node;
    private static TestNode.Served steady;

    @BeforeAll
    static void start() {
        node = new TestNode();
        node.champion("steady", "0.5");
        steady = node.serve("steady", Audit.DURABLE);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void letTheJournalGo() {
        node.persistence.resetPolicy();
    }

    @Test
    void answersAKeyFromTheFeaturesItWasWrittenWith() {
        node.writePerson("p1", Micros.of(node.clock.instant()), 30, "female");

        var predicted = (Predicted) node.predict(steady, key("p1"));

        Prediction prediction = predicted.predictions().getFirst();
        assertThat(prediction.features())
                .extracting(FeatureValue::value)
                .containsExactly(AGE, FEMALE, Value.Null.NULL, Value.Null.NULL);
        PredictionRecord record = prediction.record();
        assertThat(record.outputs()).containsExactly(scores(0.5, AGE, FEMALE, Value.Null.NULL, Value.Null.NULL));
        assertThat(record.key()).contains("p1");
        assertThat(record.sequenceNr()).isEqualTo(1);
        assertThat(record.version()).isEqualTo(1);
        assertThat(record.given()).isEmpty();
        assertThat(prediction.signature()).isEqualTo(TestNode.SIGNATURE);
    }

    @Test
    void answersRawFeaturesByEitherOfTheirNamesAndWidensWholeNumbers() {
        var predicted = (Predicted) node.predict(
                steady,
                given(Map.of("person.age", new Value.Int64(30), "sex", FEMALE, "ticket.class", new Value.Int64(2))));

        PredictionRecord record = predicted.predictions().getFirst().record();
        assertThat(record.given()).containsExactly(AGE, FEMALE, new Value.Int64(2), Value.Null.NULL);
        assertThat(record.outputs()).containsExactly(scores(0.5, AGE, FEMALE, new Value.Int64(2), Value.Null.NULL));
        assertThat(record.key()).isEmpty();
        assertThat(record.sequenceNr()).isZero();
    }

    @Test
    void readsAtTheInstantAskedFor() {
        node.writePerson("p2", 1_000, 10, "male");
        node.writePerson("p2", 2_000, 20, "male");
        var probe = node.kit.<PredictReply>createTestProbe();

        steady.actor()
                .tell(new InferenceActor.Predict(
                        List.of(key("p2")),
                        Optional.of(1_999L),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        probe.ref()::tell));

        var prediction = ((Predicted) probe.receiveMessage()).predictions().getFirst();
        assertThat(prediction.features().getFirst().value()).isEqualTo(new Value.Float64(10));
        assertThat(prediction.record().asOfMicros()).isEqualTo(1_999L);
        assertThat(prediction.record().sequenceNr()).isEqualTo(2);
    }

    static Stream<Arguments> unusable() {
        var infinite = new Value.Float64(Double.POSITIVE_INFINITY);
        return Stream.of(
                Arguments.of(given(Map.of("fare", AGE)), "instances[1].features.fare"),
                Arguments.of(given(Map.of("sex", AGE)), "instances[1].features.sex"),
                Arguments.of(given(Map.of("class", AGE)), "instances[1].features.class"),
                Arguments.of(given(Map.of("person.age", infinite)), "instances[1].features.person.age"),
                Arguments.of(
                        given(Map.of("person.age", new Value.Float64(Double.NaN))), "instances[1].features.person.age"),
                // Two views have an age.
                Arguments.of(given(Map.of("age", AGE)), "instances[1].features.age"),
                Arguments.of(given(Map.of("sex", FEMALE, "person.sex", FEMALE)), "instances[1].features.sex"),
                Arguments.of(given(Map.of("sex", new Value.Text("x".repeat(10_001)))), "instances[1].features.sex"),
                Arguments.of(new Instance(Optional.of("p1"), Map.of("sex", FEMALE)), "instances[1].features"),
                Arguments.of(given(Map.of()), "instances[1]"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhatItCannotUseAndNamesTheField(Instance instance, String field) {
        var reply = node.predict(steady, given(Map.of("sex", FEMALE)), instance);

        assertThat(((Refused) reply).reason().field()).isEqualTo(field);
    }

    @Test
    void refusesARequestWithoutInstances() {
        assertThat(((Refused) node.predict(steady)).reason().field()).isEqualTo("instances");
    }

    @Test
    void saysThatAKeyWasNeverWritten() {
        assertThat(node.predict(steady, key("nobody"))).isEqualTo(new UnknownKey("nobody"));
    }

    @Test
    void doesNotPredictFromNothingForAKeyThatWasErased() {
        node.writePerson("erased", 1_000, 30, "female");
        node.erase("erased");

        assertThat(((Refused) node.predict(steady, key("erased"))).reason().expected())
                .contains("not erased");
    }

    @Test
    void refusesAVersionThatIsNotThere() {
        var probe = node.kit.<PredictReply>createTestProbe();

        steady.actor()
                .tell(new InferenceActor.Predict(
                        List.of(given(Map.of("sex", FEMALE))),
                        Optional.empty(),
                        Optional.of(77),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        probe.ref()::tell));

        assertThat(((Refused) probe.receiveMessage()).reason().field()).isEqualTo("version");
    }

    @Test
    void answersWithTheFirstVersionAsSoonAsOneIsPromoted() {
        var served = node.serve("late", Audit.DURABLE);
        assertThat(node.predict(served, given(Map.of("sex", FEMALE)))).isEqualTo(new NoVersion("late", "champion"));

        node.champion("late", "2.0");

        // Sooner than the next refresh by itself.
        node.kit.createTestProbe().awaitAssert(Duration.ofSeconds(3), () -> {
            assertThat(node.predict(served, given(Map.of("sex", FEMALE)))).isInstanceOf(Predicted.class);
            return null;
        });
    }

    @Test
    void keepsTheOldVersionWhereTheNewOneCannotBeLoaded() {
        node.champion("fragile", "1.0");
        var served = node.serve("fragile", Audit.OFF);
        assertThat(version(node.predict(served, given(Map.of("sex", FEMALE))))).isEqualTo(1);

        node.champion("fragile", "not a number");
        int healthy = node.register("fragile", "3.0");
        served.actor().tell(new InferenceActor.Refresh());

        assertThat(version(node.predict(served, given(Map.of("sex", FEMALE))))).isEqualTo(1);
        node.promote("fragile", healthy);
        node.kit.createTestProbe().awaitAssert(Duration.ofSeconds(3), () -> {
            assertThat(version(node.predict(served, given(Map.of("sex", FEMALE)))))
                    .isEqualTo(3);
            return null;
        });
    }

    @Test
    void losesNoRequestWhileTheAliasMovesBackAndForth() {
        node.champion("swapped", "1.0");
        node.register("swapped", "2.0");
        var served = node.serve("swapped", Audit.DURABLE);
        var replies = new ArrayList<CompletableFuture<PredictReply>>();

        for (int move = 0; move < 10; move++) {
            node.promote("swapped", 1 + move % 2);
            for (int i = 0; i < 40; i++) {
                replies.add(node.ask(served, given(Map.of("sex", FEMALE))).toCompletableFuture());
            }
            // So that both versions have their turn.
            await(replies.getLast());
        }

        var seen = replies.stream()
                .map(TestNode::await)
                .map(reply -> (Predicted) reply)
                .toList();
        assertThat(seen).hasSize(400).allSatisfy(predicted -> {
            PredictionRecord record = predicted.predictions().getFirst().record();
            assertThat(record.outputs())
                    .containsExactly(
                            scores(record.version(), Value.Null.NULL, FEMALE, Value.Null.NULL, Value.Null.NULL));
        });
        assertThat(seen.stream().map(InferenceActorTest::version).distinct()).containsExactlyInAnyOrder(1, 2);
        assertThat(node.recorded(served)).hasSize(400);
    }

    @Test
    void answersOnlyWhatIsCommittedAndCommitsInGroups() {
        node.champion("grouped", "1.0");
        var served = node.serve("grouped", Audit.DURABLE);
        node.predict(served, given(Map.of("sex", FEMALE)));
        var held = new HeldJournal(served.log());
        node.persistence.withPolicy(held);

        var replies = new ArrayList<CompletableFuture<PredictReply>>();
        for (int i = 0; i < 100; i++) {
            replies.add(node.ask(served, given(Map.of("sex", FEMALE))).toCompletableFuture());
            if (i == 0) {
                held.awaitReached();
            }
        }
        assertThat(replies).noneMatch(CompletableFuture::isDone);
        held.release();

        for (var reply : replies) {
            PredictionRecord answered =
                    ((Predicted) await(reply)).predictions().getFirst().record();
            assertThat(node.recorded(served)).contains(answered);
        }
        assertThat(node.recorded(served)).hasSize(101).doesNotHaveDuplicates();
        assertThat(node.logged(served)).hasSizeLessThan(20);
        String before = PredictionChain.GENESIS;
        for (PredictionsLogged event : node.logged(served)) {
            assertThat(PredictionChain.follows(before, event)).isTrue();
            before = event.chain();
        }
    }

    @Test
    void answersBeforeTheCommitWhereTheAuditIsAsynchronous() {
        node.champion("quick", "1.0");
        var served = node.serve("quick", Audit.ASYNC);
        var held = new HeldJournal(served.log());
        node.persistence.withPolicy(held);

        var reply = node.predict(served, given(Map.of("sex", FEMALE)));

        assertThat(reply).isInstanceOf(Predicted.class);
        assertThat(node.logged(served)).isEmpty();
        held.release();
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(node.recorded(served))
                    .containsExactly(
                            ((Predicted) reply).predictions().getFirst().record());
            return null;
        });
    }

    @Test
    void recordsNothingWhereTheAuditIsOff() {
        node.champion("unrecorded", "1.0");
        var served = node.serve("unrecorded", Audit.OFF);

        assertThat(node.predict(served, given(Map.of("sex", FEMALE)))).isInstanceOf(Predicted.class);

        assertThat(node.logged(served)).isEmpty();
    }

    @Test
    void givesIdsThatSortByTime() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            ids.add(((Predicted) node.predict(steady, given(Map.of("sex", FEMALE))))
                    .predictions()
                    .getFirst()
                    .record()
                    .id());
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    private static int version(PredictReply reply) {
        return ((Predicted) reply).predictions().getFirst().record().version();
    }

    private static List<Double> boxed(double[] values) {
        return List.of(values[0], values[1]);
    }

    private static Double[] scores(double weight, Value... inputs) {
        return boxed(ScriptedModels.scores(weight, List.of(inputs))).toArray(Double[]::new);
    }
}
