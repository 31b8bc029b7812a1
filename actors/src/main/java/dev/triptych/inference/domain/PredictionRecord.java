package dev.triptych.inference.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.features.domain.Values;
import java.util.List;
import java.util.Optional;

/**
 * What a prediction records: enough to compute it again, and no more.
 *
 * @param id unique, sortable by time
 * @param system name of the system
 * @param deployment which deployment answered
 * @param model the model's name within the system
 * @param version the version that answered
 * @param key the entity's key; empty for a prediction from raw features
 * @param sequenceNr sequence number of the entity's journal that its features were folded up to; 0 with no key
 * @param asOfMicros the instant its features were read at, UTC microseconds
 * @param given raw inputs in the signature's order; empty list for a prediction by key
 * @param outputs one score an output of the signature, bit for bit
 * @param predictedMicros when it was computed, UTC microseconds
 * @param runId the batch run it belongs to; empty online
 * @param shadowOf the id of the answer that this was evaluated beside, and which nobody was given; empty for an answer
 */
public record PredictionRecord(
        @JsonProperty("id") String id,
        @JsonProperty("s") String system,
        @JsonProperty("d") String deployment,
        @JsonProperty("m") String model,
        @JsonProperty("v") int version,
        @JsonProperty("k") Optional<String> key,
        @JsonProperty("n") long sequenceNr,
        @JsonProperty("a") long asOfMicros,
        @JsonProperty("g") List<Value> given,
        @JsonProperty("o") List<Double> outputs,
        @JsonProperty("p") long predictedMicros,
        @JsonProperty("r") Optional<String> runId,
        // Left out where empty, so that answers are the bytes they always were.
        @JsonProperty("w") @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<String> shadowOf)
        implements CborSerializable {
    public PredictionRecord {
        given = Values.copyOf(given);
        outputs = List.copyOf(outputs);
    }

    /** An answer. */
    public PredictionRecord(
            String id,
            String system,
            String deployment,
            String model,
            int version,
            Optional<String> key,
            long sequenceNr,
            long asOfMicros,
            List<Value> given,
            List<Double> outputs,
            long predictedMicros,
            Optional<String> runId) {
        this(
                id,
                system,
                deployment,
                model,
                version,
                key,
                sequenceNr,
                asOfMicros,
                given,
                outputs,
                predictedMicros,
                runId,
                Optional.empty());
    }

    /** The model as the registry names it: {@code system/model}. */
    public String modelPath() {
        return system + "/" + model;
    }
}
