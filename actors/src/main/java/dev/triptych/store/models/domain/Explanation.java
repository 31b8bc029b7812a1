package dev.triptych.store.models.domain;

import java.util.List;

/**
 * What each input added to a prediction, before the link function: log-odds for a boosted or linear classifier, the
 * scores themselves for a forest or a regression. An output's base and contributions sum to its raw output.
 *
 * @param outputs in the signature's order
 */
public record Explanation(List<Output> outputs) {

    /**
     * @param base what the model gives before anything is known of the row
     * @param contributions one an input, in the signature's order
     */
    public record Output(double base, List<Double> contributions) {
        public Output {
            contributions = List.copyOf(contributions);
        }
    }

    public Explanation {
        outputs = List.copyOf(outputs);
    }
}
