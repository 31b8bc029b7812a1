package dev.triptych.inference.domain;

import dev.triptych.store.features.domain.Value;
import java.util.List;
import java.util.Optional;

/** Records for tests. */
public final class Predictions {

    private Predictions() {}

    public static PredictionRecord byKey(String id, String key, double output) {
        return new PredictionRecord(
                id,
                "titanic",
                "live",
                "survival",
                3,
                Optional.of(key),
                7,
                1_700_000_000_000_000L,
                List.of(),
                List.of(output, 1 - output),
                1_700_000_000_000_123L,
                Optional.empty());
    }

    /** Has every kind of value, and doubles that text would not carry. */
    static PredictionRecord fromRawFeatures() {
        return new PredictionRecord(
                "018bcfe5-687b-7000-8000-000000000002",
                "titanic",
                "live",
                "survival",
                3,
                Optional.empty(),
                0,
                1_700_000_000_000_000L,
                List.of(
                        Value.Null.NULL,
                        new Value.Bool(true),
                        new Value.Int64(-42),
                        new Value.Float64(0.1),
                        new Value.Text("déjà")),
                List.of(-0.0, Double.MIN_VALUE),
                1_700_000_000_000_123L,
                Optional.of("run-9"));
    }

    /** The same, evaluated beside an answer. */
    public static PredictionRecord shadowOf(PredictionRecord was, String answer) {
        return new PredictionRecord(
                was.id(),
                was.system(),
                was.deployment(),
                was.model(),
                was.version(),
                was.key(),
                was.sequenceNr(),
                was.asOfMicros(),
                was.given(),
                was.outputs(),
                was.predictedMicros(),
                was.runId(),
                Optional.of(answer));
    }
}
