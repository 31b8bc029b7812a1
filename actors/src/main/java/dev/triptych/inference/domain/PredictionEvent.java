package dev.triptych.inference.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import java.util.List;

/** What can happen to a prediction log. */
public sealed interface PredictionEvent extends CborSerializable {

    /**
     * A group commit: predictions that were recorded together.
     *
     * @param chain SHA-256 in hex over the event before it and these predictions
     */
    record PredictionsLogged(
            @JsonProperty("p") List<PredictionRecord> predictions,
            @JsonProperty("h") String chain) implements PredictionEvent {
        public PredictionsLogged {
            predictions = List.copyOf(predictions);
        }
    }
}
