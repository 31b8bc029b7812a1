package dev.triptych.inference;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a version through some rows before its first request, so that no caller pays for the compiler, or finds out. */
final class Warming {

    private static final int ROWS = 2_000;
    private static final Duration LONGEST = Duration.ofMillis(250);

    /** One value in so many is missing. */
    private static final int MISSING_EVERY = 5;

    private static final int TEXTS = 7;
    private static final double SPREAD = 37.5;

    private Warming() {}

    /**
     * The version itself, warm; takes at most a quarter of a second and a row.
     *
     * @throws RuntimeException if it cannot predict what its signature promises
     */
    static LoadedVersion warmed(LoadedVersion loaded) {
        Signature signature = loaded.version().signature();
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int row = 0; row < ROWS && (row == 0 || System.nanoTime() < end); row++) {
            double[] scores = loaded.predictor().predict(inputs(signature, row));
            if (scores.length != signature.outputs().size()) {
                throw new IllegalStateException("it answers " + scores.length + " scores (expected: "
                        + signature.outputs().size() + ", one for each of " + signature.outputs() + ")");
            }
        }
        return loaded;
    }

    private static List<Value> inputs(Signature signature, int row) {
        var inputs = new ArrayList<Value>();
        for (FeatureRead input : signature.inputs()) {
            boolean missing = (row + inputs.size()) % MISSING_EVERY == 0;
            inputs.add(missing ? Value.Null.NULL : value(input.type(), row));
        }
        return inputs;
    }

    private static Value value(FeatureType type, int row) {
        return switch (type) {
            case BOOL -> new Value.Bool(row % 2 == 0);
            case INT64, TIMESTAMP -> new Value.Int64(row - ROWS / 2);
            case FLOAT64 -> new Value.Float64((row - ROWS / 2) / SPREAD);
            case STRING -> new Value.Text("text " + row % TEXTS);
        };
    }
}
