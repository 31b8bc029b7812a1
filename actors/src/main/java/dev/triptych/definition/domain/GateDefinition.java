package dev.triptych.definition.domain;

import java.util.Optional;

/**
 * A condition a trained model must meet before it is registered as promotable, written {@code accuracy >= 0.78} or
 * {@code accuracy > baseline.sex-only}.
 *
 * @param metric the model's metric
 * @param comparison how it must compare
 * @param threshold the number, unless a baseline is named
 * @param baseline the baseline whose same metric it is compared with
 */
public record GateDefinition(String metric, Comparison comparison, double threshold, Optional<String> baseline) {

    public enum Comparison {
        AT_LEAST(">="),
        MORE_THAN(">"),
        AT_MOST("<="),
        LESS_THAN("<");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }
}
