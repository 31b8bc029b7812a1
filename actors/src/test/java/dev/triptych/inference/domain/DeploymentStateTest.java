package dev.triptych.inference.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeploymentStateTest {

    private static final ServingRules DEFINED = ServingRules.allTo("champion", Audit.DURABLE);

    @Test
    void isAsDefinedUntilItIsChangedAndThenStaysSo() {
        assertThat(DeploymentState.UNCHANGED.over(DEFINED)).isEqualTo(DEFINED);

        var state = after(new DeploymentChange.Routes(List.of(new Route("champion", 95), new Route("2", 5))));

        ServingRules later = ServingRules.allTo("challenger", Audit.ASYNC);
        assertThat(state.over(later).routing().routes()).containsExactly(new Route("champion", 95), new Route("2", 5));
        assertThat(state.over(later).audit()).isEqualTo(Audit.ASYNC);
        assertThat(state.changes())
                .extracting(DeploymentEvent::by, DeploymentEvent::reason, DeploymentEvent::atMicros)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("ada", "why not", 7L));
    }

    @Test
    void leavesMostKeysWhereTheyAreWhereAWeightChanges() {
        var state = after(
                new DeploymentChange.Routes(List.of(new Route("champion", 40), new Route("1", 30), new Route("2", 30))),
                new DeploymentChange.Routes(
                        List.of(new Route("champion", 50), new Route("1", 25), new Route("2", 25))));

        assertThat(state.over(DEFINED).routing().slices())
                .extracting(slice -> slice.to() + " " + slice.from() + "-" + slice.until())
                .containsExactly("champion 0-40", "1 40-65", "champion 65-70", "2 70-95", "champion 95-100");
    }

    @Test
    void changesNothingWhereItIsSoAlready() {
        var already = Stream.of(
                new DeploymentChange.Routes(List.of(new Route("champion", 100))),
                new DeploymentChange.Shadows(List.of()),
                new DeploymentChange.Limits(Limits.DEFAULT),
                new DeploymentChange.Audit(Audit.DURABLE),
                new DeploymentChange.Stale(Stale.WARN),
                new DeploymentChange.Reset());

        assertThat(already.map(change -> DeploymentState.UNCHANGED.change(change, DEFINED, "ada", "", 7)))
                .allMatch(Decision.nothingToDo()::equals);
    }

    @Test
    void followsTheDefinitionAgainOnceItIsReset() {
        var state = after(
                new DeploymentChange.Routes(List.of(new Route("2", 100))),
                new DeploymentChange.Shadows(List.of("1")),
                new DeploymentChange.Limits(new Limits(3, Optional.empty())),
                new DeploymentChange.Stale(Stale.REFUSE),
                new DeploymentChange.Reset());

        assertThat(state.over(DEFINED)).isEqualTo(DEFINED);
        assertThat(state.changes()).hasSize(5);
        assertThat(state.change(new DeploymentChange.Reset(), DEFINED, "ada", "", 7))
                .isEqualTo(Decision.nothingToDo());
    }

    static Stream<Arguments> unsound() {
        return Stream.of(
                Arguments.of(routes(), "routes"),
                Arguments.of(routes(new Route("champion", 90)), "routes"),
                Arguments.of(routes(new Route("champion", 90), new Route("2", 11)), "routes"),
                Arguments.of(routes(new Route("champion", 100), new Route("2", 0)), "routes[1].weight"),
                Arguments.of(routes(new Route("champion", 50), new Route("champion", 50)), "routes[1].to"),
                Arguments.of(routes(new Route("the best", 100)), "routes[0].to"),
                Arguments.of(routes(new Route("0", 100)), "routes[0].to"),
                Arguments.of(new DeploymentChange.Shadows(List.of("2", "2")), "shadows[1]"),
                Arguments.of(new DeploymentChange.Shadows(List.of("")), "shadows[0]"),
                Arguments.of(
                        new DeploymentChange.Shadows(IntStream.rangeClosed(1, 6)
                                .mapToObj(String::valueOf)
                                .toList()),
                        "shadows"),
                Arguments.of(new DeploymentChange.Limits(new Limits(0, Optional.empty())), "limits.in_flight"),
                Arguments.of(
                        new DeploymentChange.Limits(new Limits(1, Optional.of(Duration.ofMinutes(2)))),
                        "limits.deadline"));
    }

    @ParameterizedTest
    @MethodSource("unsound")
    void refusesWhatIsUnsoundAndNamesTheField(DeploymentChange change, String field) {
        assertThat(DeploymentState.UNCHANGED.change(change, DEFINED, "ada", "", 7))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused ->
                                assertThat(((Invalid) refused.reason()).field()).isEqualTo(field));
    }

    @Test
    void doesNotTurnTheAuditOffBesideShadows() {
        var state = after(new DeploymentChange.Shadows(List.of("challenger")));

        assertThat(state.change(new DeploymentChange.Audit(Audit.OFF), DEFINED, "ada", "", 7))
                .isInstanceOf(Decision.Refused.class);
    }

    @Test
    void keepsTheLastChangesInMemory() {
        var state = DeploymentState.UNCHANGED;
        for (int i = 1; i <= DeploymentState.CHANGES_KEPT + 10; i++) {
            state = state.apply(new DeploymentEvent.AuditChanged(Audit.ASYNC, "ada", "", i));
        }

        assertThat(state.changes()).hasSize(DeploymentState.CHANGES_KEPT);
        assertThat(state.changes().getLast().atMicros()).isEqualTo(DeploymentState.CHANGES_KEPT + 10);
    }

    private static DeploymentChange routes(Route... routes) {
        return new DeploymentChange.Routes(List.of(routes));
    }

    private static DeploymentState after(DeploymentChange... changes) {
        var state = DeploymentState.UNCHANGED;
        for (DeploymentChange change : changes) {
            var accepted =
                    (Decision.Accepted<DeploymentEvent, Invalid>) state.change(change, DEFINED, "ada", "why not", 7);
            for (DeploymentEvent event : accepted.events()) {
                state = state.apply(event);
            }
        }
        return state;
    }
}
