package dev.triptych.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Duration;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.ColumnProfile;
import dev.triptych.v1.ConfusionCell;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.Evaluation;
import dev.triptych.v1.GetEvaluationRequest;
import dev.triptych.v1.ListAlertsRequest;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.TrafficRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Evaluations, and what is said of questions that make no sense. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class MonitoringAnswersTest {

    @Test
    void anEvaluationIsOverTheHeldOutRowsAndItsBaselineOverThoseFittedOn(Shop shop) {
        Evaluation evaluation = shop.client().registry().getEvaluation(evaluation(0));
        ModelVersion version = shop.client().model("returns").getVersions(evaluation.getVersion() - 1);

        assertThat(evaluation.getTask()).isEqualTo("classification");
        assertThat(evaluation.getRows()).isEqualTo(8);
        assertThat(evaluation.getMetricsMap()).isEqualTo(version.getMetricsMap());
        assertThat(evaluation.getConfusionList()).containsExactlyInAnyOrderElementsOf(version.getConfusionList());
        assertThat(evaluation.getConfusionList().stream()
                        .mapToLong(ConfusionCell::getCount)
                        .sum())
                .isEqualTo(8);
        assertThat(evaluation.getOutcomesList()).singleElement().satisfies(outcome -> {
            assertThat(outcome.getOutcome()).isEqualTo("true");
            assertThat(outcome.getPositives()).isEqualTo(4);
            assertThat(outcome.getRoc(0).getThreshold()).isInfinite();
            assertThat(outcome.getRocList().getLast().getTruePositiveRate()).isEqualTo(1);
            assertThat(outcome.getPrecisionRecallList().getLast().getRecall()).isEqualTo(1);
            assertThat(outcome.getCalibrationList().stream()
                            .mapToLong(bin -> bin.getRows())
                            .sum())
                    .isEqualTo(8);
        });
        assertThat(evaluation.getInputsList())
                .extracting(ColumnProfile::getFeature)
                .containsExactly("placed.amount", "placed.items", "placed.country");
        ColumnProfile amount = evaluation.getInputs(0);
        assertThat(amount.getRows()).isEqualTo(8);
        assertThat(amount.getNumbers().getMin()).isEqualTo(20.5);
        assertThat(amount.getNumbers().getMax()).isEqualTo(350);
        assertThat(amount.getNumbers().getMean())
                .isEqualTo((20.5 + 310 + 25 + 280 + 33 + 350 + 41.5 + 260) / 8, within(1e-9));
        assertThat(evaluation.getInputs(2).getCategories().getCategoriesList())
                .extracting(category -> category.getName() + " " + category.getRows())
                .containsExactly("se 5", "pl 3");
        assertThat(evaluation.getOutput().getRows()).isEqualTo(8);
    }

    @Test
    void aVersionThatIsNotThereHasNoEvaluation(Shop shop) {
        assertThat(refusal(() -> shop.client().registry().getEvaluation(evaluation(99))))
                .contains("NOT_FOUND", "version: 99");
    }

    @Test
    void questionsThatMakeNoSenseAreRefused(Shop shop) {
        Client client = shop.client();
        var later = Client.time("2026-02-01T00:00:00Z");
        var earlier = Client.time("2026-01-01T00:00:00Z");
        assertThat(refusal(() -> client.monitoring()
                        .drift(DriftRequest.newBuilder()
                                .setSystem("shop")
                                .setSince(later)
                                .setUntil(earlier)
                                .build())))
                .contains("INVALID_ARGUMENT", "since: 2026-02-01", "before 2026-01-01");
        assertThat(refusal(() -> client.monitoring()
                        .quality(QualityRequest.newBuilder()
                                .setSystem("shop")
                                .setSince(earlier)
                                .setUntil(later)
                                .setStep(Duration.newBuilder().setSeconds(1))
                                .build())))
                .contains("INVALID_ARGUMENT", "step: 2678400 steps", "at most 500");
        assertThat(refusal(() -> client.monitoring()
                        .traffic(TrafficRequest.newBuilder()
                                .setSystem("shop")
                                .setStep(Duration.newBuilder().setSeconds(-1))
                                .build())))
                .contains("INVALID_ARGUMENT", "step: -1s");
        assertThat(refusal(() -> client.monitoring()
                        .drift(DriftRequest.newBuilder()
                                .setSystem("shop")
                                .setDeployment("nowhere")
                                .build())))
                .contains("NOT_FOUND", "one of returns");
        assertThat(refusal(() -> client.monitoring()
                        .listAlerts(ListAlertsRequest.newBuilder()
                                .setSystem("nobody")
                                .build())))
                .contains("NOT_FOUND", "system: nobody");
    }

    @Test
    void aTimeInWhichNothingWasPredictedHasNothingToCompare(Shop shop) {
        var request = DriftRequest.newBuilder()
                .setSystem("shop")
                .setSince(Client.time("2020-01-01T00:00:00Z"))
                .setUntil(Client.time("2020-01-02T00:00:00Z"));

        assertThat(shop.client().monitoring().drift(request.build()).getProblem())
                .isEqualTo("nothing was predicted");
        assertThat(shop.client()
                        .monitoring()
                        .quality(QualityRequest.newBuilder()
                                .setSystem("shop")
                                .setSince(request.getSince())
                                .setUntil(request.getUntil())
                                .build())
                        .getStepsList())
                .isEmpty();
    }

    private static GetEvaluationRequest evaluation(int version) {
        return GetEvaluationRequest.newBuilder()
                .setSystem("shop")
                .setModel("returns")
                .setVersion(version)
                .build();
    }

    private static String refusal(ThrowingCallable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        Status status = refused.getStatus();
        return status.getCode() + " " + status.getDescription();
    }
}
