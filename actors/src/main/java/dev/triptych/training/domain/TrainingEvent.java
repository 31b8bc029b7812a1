package dev.triptych.training.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.models.domain.ModelVersion;
import java.util.List;

/** What can happen to the training runs of one model. Every time is UTC microseconds. */
public sealed interface TrainingEvent extends CborSerializable {

    String runId();

    record RunStarted(RunRequest request, long atMicros) implements TrainingEvent {
        @Override
        public String runId() {
            return request.runId();
        }
    }

    /**
     * The journal was frozen for the run; every attempt builds its dataset as of here.
     *
     * @param transaction see {@code Horizon}
     * @param ordering the same
     */
    record HorizonFrozen(String runId, long transaction, long ordering, long atMicros) implements TrainingEvent {}

    /** @param attempt 1, or more where a node died or a driver failed in the middle */
    record AttemptStarted(String runId, int attempt, long atMicros) implements TrainingEvent {}

    /** @param rowsWithoutLabel rows of the spine that were left out */
    record DatasetBuilt(String runId, String hash, long rows, long rowsWithoutLabel, long atMicros)
            implements TrainingEvent {}

    /**
     * The model is fitted, its artifact stored, and all is decided; what remains is to tell the registry.
     *
     * @param candidate its number is not known yet
     */
    record Evaluated(String runId, ModelVersion candidate, List<GateResult> gates, Verdict verdict, long atMicros)
            implements TrainingEvent {
        public Evaluated {
            gates = List.copyOf(gates);
        }
    }

    record VersionRegistered(String runId, int number, long atMicros) implements TrainingEvent {}

    record RunEnded(String runId, RunOutcome outcome, long atMicros) implements TrainingEvent {}
}
