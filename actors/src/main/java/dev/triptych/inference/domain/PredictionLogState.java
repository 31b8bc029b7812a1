package dev.triptych.inference.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a prediction log keeps of all it has logged.
 *
 * @param count predictions logged
 * @param chain the last link of the {@link PredictionChain}
 */
public record PredictionLogState(
        @JsonProperty("c") long count, @JsonProperty("h") String chain) implements CborSerializable {

    /** So many predictions make an event at most; a few dozen kilobytes. */
    public static final int PREDICTIONS_PER_EVENT_MAX = 500;

    public static final PredictionLogState EMPTY = new PredictionLogState(0, PredictionChain.GENESIS);

    /** The events that log these predictions, in order; none for none. */
    public List<PredictionEvent> log(List<PredictionRecord> predictions) {
        var events = new ArrayList<PredictionEvent>();
        String before = chain;
        for (int from = 0; from < predictions.size(); from += PREDICTIONS_PER_EVENT_MAX) {
            List<PredictionRecord> slice =
                    predictions.subList(from, Math.min(from + PREDICTIONS_PER_EVENT_MAX, predictions.size()));
            before = PredictionChain.link(before, slice);
            events.add(new PredictionEvent.PredictionsLogged(slice, before));
        }
        return events;
    }

    /** Total over every event ever written. */
    public PredictionLogState apply(PredictionEvent event) {
        return switch (event) {
            case PredictionEvent.PredictionsLogged logged ->
                new PredictionLogState(count + logged.predictions().size(), logged.chain());
        };
    }
}
