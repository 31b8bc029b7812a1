package dev.triptych.training;

import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.FeatureImportance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Measures how much each input of a model counts, over a sample of rows drawn by a seed. What takes long to explain is
 * measured over fewer rows; never over so few that they tell nothing. The same arguments give the same bits.
 */
final class ImportanceSample {

    static final int ROWS_MAX = 1_000;
    private static final int ROWS_MIN = 25;

    /** A few seconds. */
    private static final long STEPS_MAX = 500_000_000;

    private ImportanceSample() {}

    /**
     * @param rows what the model was fitted on, by their numbers
     * @param inputs of a row, by its number, in the signature's order
     * @return empty where the model's contributions cannot be told, or only in a time without bound
     */
    static Optional<FeatureImportance> measure(
            Predictor predictor, int[] rows, IntFunction<List<Value>> inputs, long seed) {
        long steps = predictor.stepsToExplain();
        if (steps == 0 || STEPS_MAX / steps < ROWS_MIN) {
            return Optional.empty();
        }
        int wanted = (int) Math.min(ROWS_MAX, STEPS_MAX / steps);
        double[] sums = new double[0];
        int explained = 0;
        for (int row : drawn(rows, wanted, seed)) {
            Optional<Explanation> explanation = predictor.explain(inputs.apply(row));
            if (explanation.isPresent()) {
                sums = plus(sums, explanation.get().outputs());
                explained++;
            }
        }
        int counted = explained;
        return explained == 0
                ? Optional.empty()
                : Optional.of(new FeatureImportance(
                        explained,
                        Arrays.stream(sums).map(sum -> sum / counted).boxed().toList()));
    }

    private static double[] plus(double[] sums, List<Explanation.Output> outputs) {
        double[] longer = Arrays.copyOf(sums, outputs.getFirst().contributions().size());
        for (Explanation.Output output : outputs) {
            for (int input = 0; input < longer.length; input++) {
                longer[input] += Math.abs(output.contributions().get(input)) / outputs.size();
            }
        }
        return longer;
    }

    /** The first places of a shuffle (Fisher and Yates). */
    private static int[] drawn(int[] rows, int wanted, long seed) {
        int[] shuffled = rows.clone();
        var random = new SplittableRandom(seed);
        int drawn = Math.min(wanted, shuffled.length);
        for (int place = 0; place < drawn; place++) {
            int other = random.nextInt(place, shuffled.length);
            int row = shuffled[place];
            shuffled[place] = shuffled[other];
            shuffled[other] = row;
        }
        return Arrays.copyOf(shuffled, drawn);
    }
}
