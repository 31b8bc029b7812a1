package dev.triptych.inference;

import static dev.triptych.inference.TestNode.await;
import static dev.triptych.inference.TestNode.given;
import static dev.triptych.inference.TestNode.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.audit.Replay;
import dev.triptych.audit.ReplayResult;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.NoVersion;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.InferenceActor.Predicted;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.InferenceActor.Refused;
import dev.triptych.inference.InferenceActor.TooLate;
import dev.triptych.inference.InferenceActor.TooOld;
import dev.triptych.inference.InferenceActor.Unavailable;
import dev.triptych.inference.domain.DeploymentChange;
import dev.triptych.inference.domain.KeyPlace;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes, shadows, limits and the rule for stale features, as callers of a deployment see them. */
class DeployedVersionsTest {

    private static final Instance WOMAN = given(Map.of("sex", new Value.Text("female")));
    private static final long TTL_MICROS = 1_000_000;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = new TestNode();
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
    void answersEachRowOfARequestWithTheVersionItsKeyIsRoutedTo() {
        node.champion("split", "1.0");
        node.register("split", "2.0");
        var served = node.serve(deployment("split", rules(new Route("champion", 60), new Route("2", 40))));
        Instance[] rows = IntStream.range(0, 40)
                .mapToObj(i -> given(Map.of("person.age", new Value.Float64(i))))
                .toArray(Instance[]::new);

        var together = (Predicted) node.predict(served, rows);

        var place = new KeyPlace(TestNode.SYSTEM, "live-split");
        for (int i = 0; i < rows.length; i++) {
            PredictionRecord record = together.predictions().get(i).record();
            int version = place.of(rows[i].given()) < 60 ? 1 : 2;
            assertThat(record.version()).isEqualTo(version);
            assertThat(record.given().getFirst()).isEqualTo(new Value.Float64(i));
            assertThat(record.outputs().getFirst()).isEqualTo(ScriptedModels.scores(version, record.given())[0]);
            assertThat(version(node.predict(served, rows[i]))).isEqualTo(version);
        }
        assertThat(versions(together).distinct()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void keepsAKeyWithItsVersionAndNamesAMistakeByItsPlaceInTheRequest() {
        node.champion("keyed", "1.0");
        node.register("keyed", "2.0");
        var served = node.serve(deployment("keyed", rules(new Route("1", 50), new Route("2", 50))));
        var place = new KeyPlace(TestNode.SYSTEM, "live-keyed");
        var rows = new ArrayList<Instance>();
        for (int i = 0; i < 10; i++) {
            node.writePerson("s" + i, 1_000, 20 + i, "male");
            rows.add(key("s" + i));
            assertThat(version(node.predict(served, key("s" + i)))).isEqualTo(place.of("s" + i) < 50 ? 1 : 2);
        }

        rows.add(given(Map.of("fare", new Value.Float64(1))));

        assertThat(((Refused) node.predict(served, rows.toArray(Instance[]::new)))
                        .reason()
                        .field())
                .isEqualTo("instances[10].features.fare");
    }

    @Test
    void servesAnotherRouteAsSoonAsTheChangeIsAdopted() {
        node.champion("rerouted", "1.0");
        node.register("rerouted", "2.0");
        var served = node.serve("rerouted", Audit.DURABLE);
        assertThat(version(node.predict(served, WOMAN))).isEqualTo(1);

        for (int i = 0; i < 10; i++) {
            int to = 2 - i % 2;
            assertThat(node.change(served, routes(new Route(String.valueOf(to), 100))))
                    .singleElement()
                    .satisfies(adopted -> assertThat(adopted.problem()).isEmpty());
            assertThat(version(node.predict(served, WOMAN))).isEqualTo(to);
        }
    }

    @Test
    void answersWithNoOtherVersionOnceAMoveOfTheAliasIsAdopted() {
        node.champion("moved", "1.0");
        node.register("moved", "2.0");
        var served = node.serve("moved", Audit.OFF);

        for (int i = 0; i < 10; i++) {
            int to = 2 - i % 2;
            node.promote("moved", to);
            node.adopt(served);
            assertThat(version(node.predict(served, WOMAN))).isEqualTo(to);
        }
    }

    @Test
    void goesOnWithTheOldRoutesWhereAVersionCannotBeLoadedAndSaysWhy() {
        node.champion("unloadable", "1.0");
        node.register("unloadable", "not a number");
        var served = node.serve("unloadable", Audit.OFF);
        assertThat(version(node.predict(served, WOMAN))).isEqualTo(1);

        assertThat(node.change(served, routes(new Route("champion", 50), new Route("2", 50))))
                .singleElement()
                .satisfies(adopted -> assertThat(adopted.problem())
                        .hasValueSatisfying(why -> assertThat(why)
                                .contains("version 2 cannot be loaded")
                                .contains("not a number")));

        assertThat(node.describe(served).problem()).isPresent();
        assertThat(node.describe(served).routes())
                .extracting(InferenceActor.Served::version)
                .containsExactly(1);
        for (int i = 0; i < 20; i++) {
            assertThat(version(node.predict(served, given(Map.of("person.age", new Value.Float64(i))))))
                    .isEqualTo(1);
        }
        node.change(served, routes(new Route("champion", 100)));
        assertThat(node.describe(served).problem()).isEmpty();
    }

    @Test
    void saysWhichRouteLeadsNowhere() {
        node.champion("halfway", "1.0");
        var served = node.serve(deployment("halfway", rules(new Route("champion", 90), new Route("challenger", 10))));

        assertThat(node.predict(served, WOMAN)).isEqualTo(new NoVersion("halfway", "challenger"));
    }

    @Test
    void recordsShadowsBesideTheAnswersAndReplaysBothToTheBit() {
        node.champion("shadowed", "1.0");
        node.register("shadowed", "2.0");
        node.register("shadowed", "3.0", withOtherInputs());
        var served = node.serve("shadowed", Audit.DURABLE);
        node.change(served, new DeploymentChange.Shadows(List.of("champion", "2", "3")));
        node.writePerson("shady", 1_000, 30, "female");

        var answered = (Predicted) node.predict(served, key("shady"), WOMAN);

        awaitRecorded(served, 6);
        List<String> answers =
                answered.predictions().stream().map(each -> each.record().id()).toList();
        List<PredictionRecord> shadows = node.recorded(served).stream()
                .filter(record -> record.shadowOf().isPresent())
                .toList();
        assertThat(versions(answered)).containsExactly(1, 1);
        assertThat(shadows)
                .extracting(record -> record.version() + " of "
                        + answers.indexOf(record.shadowOf().get()))
                .containsExactlyInAnyOrder("2 of 0", "2 of 1", "3 of 0", "3 of 1");
        var replay = new Replay(node.journal, node.freshVersions(), node.threads);
        assertThat(await(replay.replay(node.recorded(served)))).allMatch(ReplayResult.Identical.class::isInstance);
    }

    @Test
    void neitherDelaysNorFailsAnAnswerForAShadow() {
        node.champion("unhurt", "1.0");
        node.register("unhurt", "2.0");
        // Whatever is handed to it, never runs.
        var stuck = node.serve(deployment("unhurt", withShadow("2")), never -> {});
        assertThat(version(node.predict(stuck, WOMAN))).isEqualTo(1);
        var refusing = node.serve(new DeploymentDefinition("refusing", "unhurt", withShadow("2")), task -> {
            throw new java.util.concurrent.RejectedExecutionException("closing");
        });

        for (int i = 0; i < 2_000; i++) {
            assertThat(node.predict(i % 2 == 0 ? stuck : refusing, WOMAN)).isInstanceOf(Predicted.class);
        }
        assertThat(node.recorded(stuck)).hasSize(1_001);
    }

    @Test
    void leavesOutAShadowThatCannotBeLoadedAndSaysSo() {
        node.champion("lame", "1.0");
        node.register("lame", "no number either");
        var served = node.serve(deployment("lame", withShadow("2")));

        assertThat(version(node.predict(served, WOMAN))).isEqualTo(1);
        assertThat(node.describe(served).problem())
                .hasValueSatisfying(why -> assertThat(why).contains("shadow 2 is left out"));
    }

    @Test
    void refusesMoreThanMayBeInFlightAndAnswersLateOnesWithTheDeadline() {
        node.champion("limited", "1.0");
        var served = node.serve("limited", Audit.DURABLE);
        node.predict(served, WOMAN);
        node.change(served, new DeploymentChange.Limits(new Limits(2, Optional.of(Duration.ofMillis(50)))));
        var held = new HeldJournal(served.log());
        node.persistence.withPolicy(held);

        var late = node.ask(served, WOMAN, WOMAN);

        assertThat(await(late)).isEqualTo(new TooLate(Duration.ofMillis(50)));
        // It still is under way.
        assertThat(node.predict(served, WOMAN))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        busy -> assertThat(busy.reason())
                                .contains("busy: 2 predictions")
                                .contains("at most 2"));
        held.release();
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(node.predict(served, WOMAN)).isInstanceOf(Predicted.class);
            return null;
        });
    }

    @Test
    void followsItsRuleForFeaturesOutsideTheirMaximumAge() {
        int number = node.register("aged", "1.0", withTtl());
        node.promote("aged", number);
        var served = node.serve("aged", Audit.OFF);
        long now = Micros.of(node.clock.instant());
        node.writePerson("old", now - 10 * TTL_MICROS, 30, "female");

        var warned =
                ((Predicted) node.predict(served, key("old"))).predictions().getFirst();
        assertThat(warned.warnings())
                .singleElement()
                .asString()
                .startsWith("person.age is older than its view allows: it is of "
                        + Micros.toInstant(now - 10 * TTL_MICROS));

        node.change(served, new DeploymentChange.Stale(Stale.REFUSE));
        assertThat(node.predict(served, key("old")))
                .isInstanceOfSatisfying(
                        TooOld.class, refused -> assertThat(refused.key()).isEqualTo("old"));
        assertThat(node.predict(served, WOMAN)).isInstanceOf(Predicted.class);

        node.change(served, new DeploymentChange.Stale(Stale.ALLOW));
        assertThat(((Predicted) node.predict(served, key("old")))
                        .predictions()
                        .getFirst()
                        .warnings())
                .isEmpty();
    }

    @Test
    void refusesARowWithoutAnInputThatTheModelRequires() {
        Signature needy = TestNode.SIGNATURE.requiring(List.of("ticket.class"));
        int number = node.register("needy", "1.0", needy);
        node.promote("needy", number);
        var served = node.serve("needy", Audit.OFF);
        node.writePerson("ticketless", 1_000, 30, "female");
        node.writeTicket("booked", 1_000, 1);

        assertThat(node.predict(served, key("ticketless")))
                .isEqualTo(new Refused(new Invalid(
                        "instances[0].key",
                        "ticketless",
                        "a key with a value of ticket.class, which the model requires; it is NOT_FOUND")));
        assertThat(node.predict(served, WOMAN))
                .isEqualTo(new Refused(new Invalid(
                        "instances[0].features.ticket.class", "missing", "a value: the model requires it")));
        // What is not required may be missing.
        assertThat(node.predict(served, key("booked"))).isInstanceOf(Predicted.class);
    }

    @Test
    void changesTheAuditBetweenTwoRequests() {
        node.champion("audited", "1.0");
        var served = node.serve("audited", Audit.OFF);
        node.predict(served, WOMAN);

        node.change(served, new DeploymentChange.Audit(Audit.DURABLE));
        node.predict(served, WOMAN);

        assertThat(node.recorded(served)).hasSize(1);
    }

    private static DeploymentDefinition deployment(String model, ServingRules rules) {
        return new DeploymentDefinition("live-" + model, model, rules);
    }

    private static ServingRules rules(Route... routes) {
        return new ServingRules(Routing.of(List.of(routes)), List.of(), Limits.DEFAULT, Audit.DURABLE, Stale.WARN);
    }

    private static ServingRules withShadow(String shadow) {
        return new ServingRules(Routing.allTo("champion"), List.of(shadow), Limits.DEFAULT, Audit.DURABLE, Stale.WARN);
    }

    private static DeploymentChange routes(Route... routes) {
        return new DeploymentChange.Routes(List.of(routes));
    }

    private static Signature withOtherInputs() {
        return new Signature(
                "passenger",
                TestNode.SIGNATURE.inputs().subList(0, 1),
                Task.CLASSIFICATION,
                "outcome.survived",
                List.of("false", "true"));
    }

    private static Signature withTtl() {
        return new Signature(
                "passenger",
                List.of(
                        new FeatureRead(
                                "person",
                                "age",
                                FeatureType.FLOAT64,
                                Optional.of(TTL_MICROS),
                                FeatureRead.Boundary.INCLUSIVE),
                        TestNode.SIGNATURE.inputs().get(1)),
                Task.CLASSIFICATION,
                "outcome.survived",
                List.of("false", "true"));
    }

    private static void awaitRecorded(TestNode.Served served, int count) {
        node.kit.createTestProbe().awaitAssert(() -> {
            assertThat(node.recorded(served)).hasSize(count);
            return null;
        });
    }

    private static Stream<Integer> versions(Predicted predicted) {
        return predicted.predictions().stream().map(Prediction::record).map(PredictionRecord::version);
    }

    private static int version(PredictReply reply) {
        return versions((Predicted) reply).findFirst().orElseThrow();
    }
}
