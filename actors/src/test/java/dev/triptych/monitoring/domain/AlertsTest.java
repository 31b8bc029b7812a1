package dev.triptych.monitoring.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.monitoring.domain.AlertEvent.AlertCleared;
import dev.triptych.monitoring.domain.AlertEvent.AlertRaised;
import dev.triptych.monitoring.domain.AlertEvent.TrainingStarted;
import dev.triptych.monitoring.domain.Alerts.Look;
import dev.triptych.monitoring.domain.Reading.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertsTest {

    private static final long PAUSE = 100;

    private Alerts alerts = Alerts.EMPTY;

    @Test
    void whatIsExceededIsRaisedOnceAndClearedOnce() {
        assertThat(look(10, reading("age", State.EXCEEDED))).hasSize(1).hasOnlyElementsOfType(AlertRaised.class);
        assertThat(look(20, reading("age", State.EXCEEDED))).isEmpty();
        assertThat(look(30, reading("age", State.UNDECIDED))).isEmpty();
        assertThat(alerts.open()).hasSize(1);
        assertThat(look(40, reading("age", State.FINE))).hasSize(1).hasOnlyElementsOfType(AlertCleared.class);
        assertThat(look(50, reading("age", State.FINE))).isEmpty();
        assertThat(alerts.open()).isEmpty();
        assertThat(alerts.all()).singleElement().satisfies(alert -> {
            assertThat(alert.raisedMicros()).isEqualTo(10);
            assertThat(alert.cleared()).contains(new Alert.Cleared(40, Optional.of(0.5)));
        });
    }

    @Test
    void whatIsRaisedAgainIsAnotherAlert() {
        look(10, reading("age", State.EXCEEDED));
        look(20, reading("age", State.FINE));
        look(30, reading("age", State.EXCEEDED));

        assertThat(alerts.all()).extracting(Alert::id).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoLongerWatchedIsCleared() {
        look(10, reading("age", State.EXCEEDED), reading("sex", State.EXCEEDED));
        look(20, reading("sex", State.EXCEEDED));

        assertThat(alerts.open().map(Alert::subject).map(Subject::measure)).containsExactly("sex");
        assertThat(alerts.all().getFirst().cleared()).contains(new Alert.Cleared(20, Optional.empty()));
    }

    @Test
    void aLookAtOneSourceSaysNothingOfOthers() {
        look(10, reading("age", State.EXCEEDED));
        List<AlertEvent> events = alerts.decide(new Look("titanic", AlertKind.DRIFT, "another", List.of()), 20);

        assertThat(events).isEmpty();
    }

    @Test
    void aDriftIsTrainedForOnceHoweverManyFeaturesJoinIt() {
        look(10, reading("age", State.EXCEEDED));
        assertThat(untrained(10)).contains(alerts.all().getFirst());
        apply(new TrainingStarted(alerts.all().getFirst().id(), "run-1", 12));
        look(20, reading("age", State.EXCEEDED), reading("sex", State.EXCEEDED));
        look(300, reading("age", State.FINE), reading("sex", State.EXCEEDED));

        assertThat(untrained(20)).isEmpty();
        assertThat(untrained(1_000)).isEmpty();
        assertThat(alerts.all())
                .allSatisfy(alert -> assertThat(alert.training()).contains(new Alert.Training("run-1", 12)));
    }

    @Test
    void aDriftThatComesAndGoesIsTrainedForOnceInAWindow() {
        look(10, reading("age", State.EXCEEDED));
        apply(new TrainingStarted(alerts.all().getFirst().id(), "run-1", 10));
        look(20, reading("age", State.FINE));
        look(30, reading("age", State.EXCEEDED));

        assertThat(untrained(30)).isEmpty();
        assertThat(untrained(10 + PAUSE)).contains(alerts.all().getLast());
    }

    @Test
    void otherAlertsAreNotTrainedFor() {
        var reading = new Reading(
                new Subject("titanic", AlertKind.QUALITY, "survival", "accuracy"),
                State.EXCEEDED,
                0.5,
                0.7,
                9,
                0,
                1,
                1);
        alerts.decide(new Look("titanic", AlertKind.QUALITY, "survival", List.of(reading)), 10)
                .forEach(this::apply);

        assertThat(alerts.open()).hasSize(1);
        assertThat(untrained(10)).isEmpty();
    }

    @Test
    void whatTheWebhookWasNotToldIsKnown() {
        look(10, reading("age", State.EXCEEDED));
        String id = alerts.all().getFirst().id();
        assertThat(alerts.untold(0)).hasSize(1);
        assertThat(alerts.untold(11)).isEmpty();
        apply(new AlertEvent.AlertNotified(id, false, 1, Optional.empty(), 11));
        assertThat(alerts.untold(0)).isEmpty();
        look(20, reading("age", State.FINE));
        assertThat(alerts.untold(0)).hasSize(1);
        apply(new AlertEvent.AlertNotified(id, true, 5, Optional.of("status 500"), 21));
        assertThat(alerts.untold(0)).isEmpty();
    }

    @Test
    void manyClearedAlertsAreForgottenAndOpenOnesNever() {
        look(1, reading("first", State.EXCEEDED), reading("age", State.FINE));
        for (int i = 1; i <= 600; i++) {
            look(10L * i, reading("first", State.EXCEEDED), reading("age", State.EXCEEDED));
            look(10L * i + 5, reading("first", State.EXCEEDED), reading("age", State.FINE));
        }

        assertThat(alerts.all()).hasSizeBetween(Alerts.CLEARED_MAX, Alerts.CLEARED_MAX + 2);
        assertThat(alerts.open().map(alert -> alert.subject().measure())).containsExactly("first");
    }

    private List<AlertEvent> look(long nowMicros, Reading... readings) {
        List<AlertEvent> events =
                alerts.decide(new Look("titanic", AlertKind.DRIFT, "survival", List.of(readings)), nowMicros);
        events.forEach(this::apply);
        return events;
    }

    private void apply(AlertEvent event) {
        alerts = alerts.apply(event);
    }

    private Optional<Alert> untrained(long nowMicros) {
        return alerts.untrained("titanic", "survival", PAUSE, nowMicros);
    }

    private static Reading reading(String feature, State state) {
        return new Reading(new Subject("titanic", AlertKind.DRIFT, "survival", feature), state, 0.5, 0.2, 150, 0, 1, 3);
    }
}
