package dev.triptych.training.domain;

import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.kernel.CborSerializable;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gate, and what was found there.
 *
 * @param gate as the definition writes it: {@code accuracy > baseline.sex-only}
 * @param found the numbers compared, for people
 */
public record GateResult(String gate, boolean passed, String found) implements CborSerializable {

    /**
     * A metric that is not there, or not a number, passes no gate.
     *
     * @param baselines metrics by baseline
     */
    public static GateResult check(
            GateDefinition gate, Map<String, Double> metrics, Map<String, Map<String, Double>> baselines) {
        String bar = gate.baseline().map(name -> "baseline." + name).orElseGet(() -> number(gate.threshold()));
        String text = gate.metric() + " " + gate.comparison().sign() + " " + bar;

        @Nullable Double metric = metrics.get(gate.metric());
        @Nullable Double limit = limit(gate, baselines);
        if (metric == null || limit == null) {
            return new GateResult(
                    text, false, (metric == null ? gate.metric() : bar) + " is not defined for the held-out rows");
        }
        return new GateResult(
                text,
                passes(gate.comparison(), metric, limit),
                number(metric) + " " + gate.comparison().sign() + " " + number(limit));
    }

    /** {@code passed (0.8251 >= 0.78)} */
    public String note() {
        return gate + ": " + (passed ? "passed" : "failed") + " (" + found + ")";
    }

    private static @Nullable Double limit(GateDefinition gate, Map<String, Map<String, Double>> baselines) {
        Optional<String> baseline = gate.baseline();
        return baseline.isPresent()
                ? baselines.getOrDefault(baseline.get(), Map.of()).get(gate.metric())
                : Double.valueOf(gate.threshold());
    }

    private static boolean passes(GateDefinition.Comparison comparison, double metric, double limit) {
        return switch (comparison) {
            case AT_LEAST -> metric >= limit;
            case MORE_THAN -> metric > limit;
            case AT_MOST -> metric <= limit;
            case LESS_THAN -> metric < limit;
        };
    }

    /** At most six digits after the point. */
    private static String number(double value) {
        return Double.toString(Math.rint(value * 1e6) / 1e6);
    }
}
