package dev.triptych.store.models.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.models.domain.RegistryEvent.AliasMoved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RegisteredModelTest {

    private static final RegisteredModel NONE = RegisteredModel.empty(Versions.MODEL);
    private final RegisteredModel two = registered(registered(NONE, "r1"), "r2");

    @Test
    void numbersVersionsInTheOrderTheyCome() {
        assertThat(two.versions()).extracting(ModelVersion::number).containsExactly(1, 2);
        assertThat(two.madeBy("r2").orElseThrow().number()).isEqualTo(2);
        assertThat(two.version(2).orElseThrow().createdMicros()).isEqualTo(5);
    }

    @Test
    void registersTheVersionOfARunOnce() {
        assertThat(two.register(Versions.madeBy("r1"), 9)).isEqualTo(Decision.nothingToDo());
    }

    @Test
    void refusesAVersionOfAnotherModel() {
        assertThat(refusal(RegisteredModel.empty("titanic/fare").register(Versions.madeBy("r1"), 9))
                        .field())
                .isEqualTo("model");
    }

    @Test
    void refusesToMoveAnAliasToAVersionThatDoesNotExistAndSaysWhichDo() {
        assertThat(refusal(two.moveAlias("champion", 3, "me", "", 9)))
                .isEqualTo(new Invalid("version", "3", "1 to 2, the versions of titanic/survival"));
        assertThat(refusal(two.moveAlias("champion", 0, "me", "", 9)).expected())
                .contains("1 to 2");
        assertThat(refusal(NONE.moveAlias("champion", 1, "me", "", 9)).expected())
                .contains("none yet");
    }

    @Test
    void refusesAnAliasThatNoCommandLineCouldName() {
        for (String alias : List.of("", "two words", "-x", "a".repeat(65), "a/b")) {
            assertThat(refusal(two.moveAlias(alias, 1, "me", "", 9)).field()).isEqualTo("alias");
        }
    }

    @Test
    void movesAnAliasToWhereItIsWithoutANewMove() {
        assertThat(moved(two, "champion", 1).moveAlias("champion", 1, "me", "", 9))
                .isEqualTo(Decision.nothingToDo());
    }

    @Test
    void rollsBackToWhereTheAliasWasBeforeAndForthAgain() {
        RegisteredModel promoted = moved(moved(two, "champion", 1), "champion", 2);

        RegisteredModel back = accepted(promoted, promoted.rollBack("champion", "me", "worse", 9));
        RegisteredModel forth = accepted(back, back.rollBack("champion", "me", "better", 10));

        assertThat(back.aliases()).containsEntry("champion", 1);
        assertThat(back.moves().getLast()).isEqualTo(new AliasMoved("champion", 1, 2, "me", "worse", 9));
        assertThat(forth.aliases()).containsEntry("champion", 2);
    }

    @Test
    void refusesToRollBackWhatNeverMovedAndNamesWhatDid() {
        RegisteredModel promoted = moved(two, "champion", 1);

        assertThat(refusal(promoted.rollBack("champion", "me", "", 9)).expected())
                .contains("version 1");
        assertThat(refusal(promoted.rollBack("challenger", "me", "", 9)).expected())
                .isEqualTo("one of champion");
    }

    @Property(tries = 200)
    void pointsEachAliasToItsLastMoveAndTellsEveryMove(
            @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> requests) {
        RegisteredModel model = registered(two, "r3");
        Map<String, Integer> expected = new HashMap<>();
        for (int request : requests) {
            String alias = request % 2 == 0 ? "champion" : "challenger";
            int version = request / 2 + 1;
            model = accepted(model, model.moveAlias(alias, version, "me", "", 9));
            expected.put(alias, version);
        }

        assertThat(model.aliases()).isEqualTo(expected);
        Map<String, Integer> followed = new HashMap<>();
        for (AliasMoved move : model.moves()) {
            assertThat(move.previous()).isEqualTo(followed.getOrDefault(move.alias(), 0));
            followed.put(move.alias(), move.version());
        }
        assertThat(followed).isEqualTo(expected);
    }

    private static RegisteredModel registered(RegisteredModel model, String runId) {
        return accepted(model, model.register(Versions.madeBy(runId), 5));
    }

    private static RegisteredModel moved(RegisteredModel model, String alias, int version) {
        return accepted(model, model.moveAlias(alias, version, "me", "", 6));
    }

    private static RegisteredModel accepted(RegisteredModel model, Decision<RegistryEvent, Invalid> decision) {
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        RegisteredModel after = model;
        for (RegistryEvent event : new ArrayList<>(((Decision.Accepted<RegistryEvent, Invalid>) decision).events())) {
            after = after.apply(event);
        }
        return after;
    }

    private static Invalid refusal(Decision<RegistryEvent, Invalid> decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused<RegistryEvent, Invalid>) decision).reason();
    }
}
