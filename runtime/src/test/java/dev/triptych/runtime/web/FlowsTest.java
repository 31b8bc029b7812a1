package dev.triptych.runtime.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.runtime.web.SharedTitanic.Titanic;
import dev.triptych.v1.AliasMove;
import dev.triptych.v1.Instance;
import dev.triptych.v1.Model;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.RunPipelineRequest;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/** What people do on the pages, done in a browser; the node's own interface tells whether it was done. */
@ExtendWith(SharedTitanic.class)
@Timeout(90)
class FlowsTest {

    @Test
    void promotesPredictsAndRollsBack(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("models");
        int champion = titanic.client().model("survival").getAliasesOrThrow("champion");
        int other = champion == 1 ? 2 : 1;

        browser.click("[data-promote='" + other + "']");
        confirm(browser, "ann", "to see that it works");
        browser.awaitText(".told", "champion is version " + other);

        assertThat(predictedBy(titanic)).isEqualTo(other);
        browser.open("try?key=p0042");
        browser.awaitText(".try-answer", "version " + other);

        browser.open("models");
        browser.await("roll back", button -> button.getText().startsWith("Roll back"), "main button")
                .click();
        confirm(browser, "bob", "it was only a test");
        browser.awaitText(".told", "champion is version " + champion);

        Model model = titanic.client().model("survival");
        assertThat(model.getAliasesOrThrow("champion")).isEqualTo(champion);
        assertThat(predictedBy(titanic)).isEqualTo(champion);
        assertThat(model.getMovesList())
                .extracting(AliasMove::getBy, AliasMove::getReason)
                .endsWith(Tuple.tuple("ann", "to see that it works"), Tuple.tuple("bob", "it was only a test"));
    }

    private static void confirm(Browser browser, String by, String reason) {
        browser.type("dialog[open] label:nth-of-type(1) input", by);
        browser.type("dialog[open] label:nth-of-type(2) input", reason);
        browser.click("dialog[open] button[type=submit]");
    }

    private static int predictedBy(Titanic titanic) {
        return titanic.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("titanic")
                        .addInstances(Instance.newBuilder().setKey("p0042"))
                        .build())
                .getPredictions(0)
                .getVersion();
    }

    @Test
    void aChangedValueMovesThePredictionAndItsReasons(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("try");
        browser.click(".presets button");
        browser.awaitText(".ticket", "Margaret Brown");
        browser.awaitText(".ticket .stamp", "saved");
        String why = browser.text(".contributions");

        browser.click("[data-feature='profile.sex'] button[title='male']");
        browser.awaitText(".ticket .stamp", "lost");

        assertThat(browser.text(".contributions")).isNotEqualTo(why);
        assertThat(browser.text("[data-feature='profile.title'] [aria-pressed='true']"))
                .isEqualTo("Mr");
        browser.slide("[data-feature='profile.age'] input[type=range]", "5");
        browser.awaitText("[data-feature='profile.title'] [aria-pressed='true']", "Master");

        // The address is all there is to share.
        browser.reload();
        browser.awaitText(".ticket", "Margaret Brown");
        assertThat(browser.text("[data-feature='profile.title'] [aria-pressed='true']"))
                .isEqualTo("Master");
        assertThat(browser.text("[data-feature='profile.age'] output")).isEqualTo("5");
    }

    @Test
    void aPredictionIsComputedAgainToTheBit(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("predictions?version=1");
        browser.click("[data-open]");
        browser.awaitText(".prediction", "What went in");
        browser.click("[data-replay]");

        browser.awaitText(".replayed", "identical to the bit");
        assertThat(browser.all(".replayed tbody tr")).isNotEmpty().allSatisfy(row -> {
            var cells = row.findElements(By.tagName("code"));
            assertThat(cells.get(0).getText())
                    .hasSize(16)
                    .isEqualTo(cells.get(1).getText());
        });
    }

    @Test
    void anotherVersionIsAskedWhatItWouldHaveAnswered(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("audit");
        browser.await("compare", button -> button.getText().equals("Compare"), "main button")
                .click();

        browser.awaitText(".verdict", "would have been another");
        browser.settle();
        browser.screenshot("audit-what-if", Browser.DESK);
        assertThat(browser.text(".verdict")).doesNotContain("scores differ by 0 ");
        assertThat(browser.all(".chart")).hasSize(1);
    }

    @Test
    void aRunThatFailedSaysWhy(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.openSystem(HouseSystem.NAME, "overview");
        browser.awaitText("main", HouseSystem.WHY_IT_FAILS);

        browser.openSystem(HouseSystem.NAME, "features");
        browser.await("why", button -> button.getText().equals("Why"), "main button")
                .click();
        browser.awaitText("main .below", HouseSystem.WHY_IT_FAILS);
        browser.screenshot("features-failed", Browser.DESK);
    }

    @Test
    void thePastIsASliderAway(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("features/profile?key=p0042");
        assertThat(browser.text("main")).contains("outcome.survived");
        long found = browser.all("main .badge.good").size();

        // Its stops: before everything, boarding, the outcome, now.
        browser.slide(".time-slider input", "1");
        browser.await(
                "the outcome to be unknown",
                row -> row.getText().contains("outcome.survived")
                        && row.getText().contains("not found"),
                "main tr");

        browser.slide(".time-slider input", "0");
        browser.await(
                "nothing to be known",
                row -> row.getText().contains("profile.sex") && row.getText().contains("not found"),
                "main tr");
        browser.reload();
        assertThat(browser.address()).contains("asOf=");
        browser.slide(".time-slider input", "3");
        browser.await(
                "everything to be known again",
                row -> row.getText().contains("outcome.survived")
                        && row.getText().contains("present"),
                "main tr");
        assertThat(found).isPositive();
    }

    @Test
    void whatMovesIsShownAsItMoves(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("overview");
        String run = titanic.client()
                .pipelines()
                .run(RunPipelineRequest.newBuilder()
                        .setSystem("titanic")
                        .setKind(PipelineKind.FEATURE)
                        .setPipeline("arrivals")
                        .putAllOptions(Map.of("count", "3", "outcome-delay", "0s"))
                        .build())
                .getRunId();
        titanic.client().finish(run);

        browser.await(
                "the run to be seen", time -> time.getText().matches("now|\\d s ago"), "[data-pipeline=arrivals] time");
    }

    @Test
    void aNodeThatIsGoneIsSaidToBeAndComesBack(Titanic titanic) {
        Browser browser = titanic.browser();
        browser.open("overview");
        browser.offline(true);
        try {
            browser.awaitText(".gone", "The node does not answer");
            assertThat(browser.text("main")).contains("Feature");
        } finally {
            browser.offline(false);
        }
        browser.settle();
        assertThat(browser.all("div.gone")).isEmpty();
        browser.errors();
    }
}
