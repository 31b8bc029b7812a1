package dev.triptych.audit;

import dev.triptych.inference.domain.PredictionRecord;
import java.util.List;

/** What computing a recorded prediction again has shown. */
public sealed interface ReplayResult {

    PredictionRecord record();

    /** The same bits. */
    record Identical(PredictionRecord record) implements ReplayResult {}

    /** @param outputs as computed now; the recorded ones are in the record */
    record Differing(PredictionRecord record, List<Double> outputs) implements ReplayResult {
        public Differing {
            outputs = List.copyOf(outputs);
        }
    }

    /** The features that it was computed from were erased: nobody can compute it again. */
    record Erased(PredictionRecord record) implements ReplayResult {}

    /** @param problem why it cannot be computed again, in one sentence */
    record NotReplayable(PredictionRecord record, String problem) implements ReplayResult {}
}
