package dev.triptych.inference.domain;

import dev.triptych.store.models.domain.Signature;
import java.util.List;

/**
 * What a batch run says of one key.
 *
 * @param predictionId under which it is recorded
 * @param output the most probable outcome, or the number as text
 * @param scores one an output of the version's signature, in its order
 * @param asOfMicros the instant features were read at, UTC microseconds
 * @param predictedMicros UTC microseconds
 */
public record BatchPrediction(
        String key,
        String predictionId,
        int version,
        String output,
        List<Double> scores,
        long asOfMicros,
        long predictedMicros) {
    public BatchPrediction {
        scores = List.copyOf(scores);
    }

    /** @param record of a prediction by key */
    public static BatchPrediction of(PredictionRecord record, Signature signature) {
        return new BatchPrediction(
                record.key().orElseThrow(),
                record.id(),
                record.version(),
                signature.output(record.outputs()),
                record.outputs(),
                record.asOfMicros(),
                record.predictedMicros());
    }
}
