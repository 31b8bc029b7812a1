package dev.triptych.training;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import java.util.List;
import java.util.Map;

/** Fits models. Blocks the calling thread, a training thread; seconds to hours. Deterministic in its arguments. */
public interface ModelTrainer {

    /**
     * @param rows inputs in the signature's order, one list a row
     * @param labels one a row, never null: Bool or Text (also Int64) for classification, a number for regression
     * @throws UntrainableException if the data or the parameters rule a model out; the message names the mend
     */
    Fitted fit(
            TrainerDefinition trainer,
            List<TransformationDefinition> transformations,
            Signature signature,
            List<List<Value>> rows,
            List<Value> labels,
            long seed);

    /**
     * @param contentHash SHA-256 over what predicts, equal for equal training
     * @param parameters every parameter used, defaults included
     * @param libraries versions of what trained it
     */
    record Fitted(
            byte[] artifact,
            String contentHash,
            Predictor predictor,
            Map<String, String> parameters,
            Map<String, String> libraries) {}

    /** Says what rules a model out, and the mend. */
    final class UntrainableException extends RuntimeException {
        public UntrainableException(String message) {
            super(message);
        }
    }
}
