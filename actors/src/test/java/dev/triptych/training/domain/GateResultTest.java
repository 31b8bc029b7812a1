package dev.triptych.training.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.GateDefinition.Comparison;
import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.TrainingPipelineDefinition.Promotion;
import dev.triptych.store.models.domain.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateResultTest {

    private static final Map<String, Double> METRICS = Map.of("accuracy", 0.8, "log-loss", Double.NaN);
    private static final Map<String, Map<String, Double>> BASELINES = Map.of("sex-only", Map.of("accuracy", 0.8));

    @ParameterizedTest
    @CsvSource({
        "AT_LEAST, 0.8, true", "AT_LEAST, 0.81, false", "MORE_THAN, 0.8, false", "MORE_THAN, 0.79, true",
        "AT_MOST, 0.8, true", "AT_MOST, 0.79, false", "LESS_THAN, 0.8, false", "LESS_THAN, 0.81, true"
    })
    void comparesAsItIsWritten(Comparison comparison, double threshold, boolean passed) {
        assertThat(check("accuracy", comparison, threshold, Optional.empty()).passed())
                .isEqualTo(passed);
    }

    @Test
    void saysWhatItFound() {
        assertThat(check("accuracy", Comparison.AT_LEAST, 0.9, Optional.empty()).note())
                .isEqualTo("accuracy >= 0.9: failed (0.8 >= 0.9)");
        assertThat(check("accuracy", Comparison.MORE_THAN, 0, Optional.of("sex-only"))
                        .note())
                .isEqualTo("accuracy > baseline.sex-only: failed (0.8 > 0.8)");
    }

    @Test
    void letsNothingPassThatIsNotDefined() {
        assertThat(check("auc", Comparison.AT_LEAST, 0, Optional.empty()).passed())
                .isFalse();
        assertThat(check("accuracy", Comparison.AT_LEAST, 0, Optional.of("nobody"))
                        .passed())
                .isFalse();
        assertThat(check("log-loss", Comparison.AT_MOST, 9, Optional.empty()).passed())
                .isFalse();
    }

    @Test
    void promotesAtOnceOnlyWhereGatesPassedAndNobodyIsThere() {
        List<GateResult> passed = List.of(new GateResult("g", true, ""));
        List<GateResult> failed = List.of(new GateResult("g", false, ""));
        var champion = Optional.of(Versions.madeBy("r1"));

        assertThat(verdict(Promotion.AUTOMATIC, passed, Optional.empty()))
                .map(Verdict::promote)
                .contains(true);
        assertThat(verdict(Promotion.AUTOMATIC, failed, Optional.empty()))
                .map(Verdict::promote)
                .contains(false);
        assertThat(verdict(Promotion.MANUAL, passed, Optional.empty()))
                .map(Verdict::promote)
                .contains(false);
        assertThat(verdict(Promotion.AUTOMATIC, passed, champion)).isEmpty();
        assertThat(Verdict.withoutComparison(Promotion.AUTOMATIC, passed, champion, "content-of-r1"))
                .map(Verdict::promote)
                .contains(false);
    }

    @Test
    void knowsWhichDirectionIsBetter() {
        assertThat(Verdict.compared(Metric.ACCURACY, 0.8, 0.8, "").promote()).isTrue();
        assertThat(Verdict.compared(Metric.ACCURACY, 0.79, 0.8, "").promote()).isFalse();
        assertThat(Verdict.compared(Metric.LOG_LOSS, 0.4, 0.5, "").promote()).isTrue();
        assertThat(Verdict.compared(Metric.LOG_LOSS, 0.5, 0.4, "").promote()).isFalse();
        assertThat(Verdict.compared(Metric.R2, Double.NaN, 0.4, "").promote()).isFalse();
    }

    private static Optional<Verdict> verdict(
            Promotion promotion,
            List<GateResult> gates,
            Optional<dev.triptych.store.models.domain.ModelVersion> champion) {
        return Verdict.withoutComparison(promotion, gates, champion, "another");
    }

    private static GateResult check(String metric, Comparison comparison, double threshold, Optional<String> baseline) {
        return GateResult.check(new GateDefinition(metric, comparison, threshold, baseline), METRICS, BASELINES);
    }
}
