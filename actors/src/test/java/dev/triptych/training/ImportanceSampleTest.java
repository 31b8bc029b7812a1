package dev.triptych.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.FeatureImportance;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportanceSampleTest {

    /** Row n has the inputs n and −2n, and they contribute just that to one output, and nothing to the other. */
    private record Counting(long stepsToExplain) implements Predictor {
        @Override
        public double[] predict(List<Value> inputs) {
            return new double[2];
        }

        @Override
        public Optional<Explanation> explain(List<Value> inputs) {
            return inputs.getFirst().equals(new Value.Float64(3))
                    ? Optional.empty()
                    : Optional.of(new Explanation(List.of(
                            new Explanation.Output(
                                    100,
                                    inputs.stream()
                                            .map(value -> ((Value.Float64) value).value())
                                            .toList()),
                            new Explanation.Output(0, List.of(0.0, 0.0)))));
        }
    }

    @Test
    void isTheMeanAbsoluteContributionOverRowsAndOutputs() {
        assertThat(measured(10, new int[] {1, 2}, 1))
                .contains(new FeatureImportance(2, List.of((1 + 2) / 2.0 / 2, (2 + 4) / 2.0 / 2)));
    }

    @Test
    void leavesOutRowsThatCannotBeExplained() {
        assertThat(measured(10, new int[] {1, 2, 3}, 1)).isEqualTo(measured(10, new int[] {1, 2}, 1));
        assertThat(measured(10, new int[] {3}, 1)).isEmpty();
    }

    @Test
    void drawsTheSameSampleForTheSameSeed() {
        int[] rows = IntStream.range(10, 100_000).toArray();

        Optional<FeatureImportance> first = measured(10, rows, 7);

        assertThat(first.orElseThrow().rows()).isEqualTo(ImportanceSample.ROWS_MAX);
        assertThat(first.orElseThrow().inputs().getFirst()).isBetween(20_000.0, 30_000.0);
        assertThat(measured(10, rows, 7)).isEqualTo(first);
        assertThat(measured(10, rows, 8)).isNotEqualTo(first);
    }

    @Test
    void takesFewerRowsWhereTheyTakeLongAndNoneWhereTheyTakeForEver() {
        int[] rows = IntStream.range(10, 10_000).toArray();

        assertThat(measured(5_000_000, rows, 1).orElseThrow().rows()).isEqualTo(100);
        assertThat(measured(1L << 40, rows, 1)).isEmpty();
        assertThat(measured(0, rows, 1)).isEmpty();
    }

    private static Optional<FeatureImportance> measured(long steps, int[] rows, long seed) {
        return ImportanceSample.measure(
                new Counting(steps), rows, row -> List.of(new Value.Float64(row), new Value.Float64(-2.0 * row)), seed);
    }
}
